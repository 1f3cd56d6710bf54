package org.jllm.encoding;

import java.util.List;
import java.util.Set;

/**
 * A loaded encoder: ids in, numbers out. It knows nothing of texts or of who asks.
 *
 * <p>Calls must not overlap: one thread at a time. Arguments that do not fit the {@link #capabilities} are an
 * {@link IllegalArgumentException} before anything native is touched; after {@link #close()} every call is an
 * {@link IllegalStateException}.
 */
public interface EncoderBackend extends AutoCloseable {
    EncoderCapabilities capabilities();

    /**
     * Computes one batch. No text sees another, and nothing is computed for padding; it is fastest with texts of like
     * length.
     *
     * @param texts at least one; several have no more than {@link EncoderCapabilities#maxBatchTokens} tokens together
     * @param wanted what to compute, of what the model can
     * @return for each text, in the order of the batch, what was wanted, in float32
     */
    List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> wanted);

    /** Frees everything. Closing twice is fine. */
    @Override
    void close();
}
