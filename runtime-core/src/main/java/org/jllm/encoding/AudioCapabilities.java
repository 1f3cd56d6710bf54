package org.jllm.encoding;

import java.util.List;

/**
 * What a loaded encoder of sound takes and gives.
 *
 * @param hiddenSize width of a hidden state
 * @param windows the convolutions that make frames of samples, in their order
 * @param maxFrames most frames of all waveforms of a batch together
 */
public record AudioCapabilities(int hiddenSize, List<Window> windows, int maxFrames) {
    public AudioCapabilities {
        windows = List.copyOf(windows);
    }

    /**
     * A convolution over time.
     *
     * @param kernel values that one value is made of, at least 1
     * @param stride values from one to the next, at least 1
     */
    public record Window(int kernel, int stride) {}

    /** How many frames become of as many samples; 0 if there are too few for one. */
    public int frames(int samples) {
        int frames = samples;
        for (Window window : windows) {
            if (frames < window.kernel) {
                return 0;
            }
            frames = (frames - window.kernel) / window.stride + 1;
        }
        return frames;
    }
}
