package org.jllm.embedding;

import org.jllm.encoding.EncoderInput;

/**
 * A text on its way to the encoder.
 *
 * @param prompt tokens at its beginning that are a prompt
 * @param truncated whether it was cut
 */
record PreparedText(EncoderInput input, int prompt, boolean truncated) {
    int tokens() {
        return input.length();
    }
}
