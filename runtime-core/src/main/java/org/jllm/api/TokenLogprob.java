package org.jllm.api;

import java.util.List;

/**
 * A token with the natural logarithm of the probability that the model gave it: of the softmax of its logits as they are,
 * before penalties, bias and temperature.
 *
 * @param token its text; {@code bytes:\\xe3\\x81} where its bytes are no whole characters
 * @param bytes what it stands for in UTF-8, each 0 to 255
 * @param logprob at most 0; 0 for the first token of a prompt, which nothing predicts, see {@link #predicted}
 * @param predicted whether something stood before it that the model could predict it from
 * @param textOffset characters (code points) of the text before it: of the answer, or of the prompt
 * @param top the most probable tokens at its place, in descending order, as many as were asked for; {@code top} of them is
 *     empty
 */
public record TokenLogprob(
        int id,
        String token,
        List<Integer> bytes,
        double logprob,
        boolean predicted,
        int textOffset,
        List<TokenLogprob> top) {
    public TokenLogprob {
        bytes = List.copyOf(bytes);
        top = List.copyOf(top);
    }
}
