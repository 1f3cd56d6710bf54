package org.jllm.encoding;

import java.util.List;

/**
 * A loaded encoder of sound: waveforms in, hidden states of frames out.
 *
 * <p>Calls must not overlap: one thread at a time. Arguments that do not fit the {@link #capabilities} are an
 * {@link IllegalArgumentException} before anything native is touched; after {@link #close()} every call is an
 * {@link IllegalStateException}.
 */
public interface AudioBackend extends AutoCloseable {
    AudioCapabilities capabilities();

    /**
     * Computes one batch. No waveform sees another, and nothing is computed for padding.
     *
     * @param waveforms at least one; samples of one channel at the rate that the model was made for, usually 16 kHz
     * @return what it tells of each waveform, in the order of the batch, in float32
     */
    List<EncodedAudio> encode(List<float[]> waveforms);

    /** Frees everything. Closing twice is fine. */
    @Override
    void close();
}
