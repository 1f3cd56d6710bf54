package org.jllm.evaluation;

import org.jllm.api.InvalidRequestException;

/**
 * How a text that is longer than a context is cut into windows that overlap. Each token but the first is predicted in one
 * window only: the earliest that reaches it. The first window predicts as many tokens as it holds; each later one begins a
 * stride after the one before it and predicts a stride more, each of them from at least {@code length - stride + 1} tokens.
 *
 * @param length tokens that are fed for one window, at least 1
 * @param stride tokens from the beginning of a window to that of the next, 1 to {@code length}
 */
public record Windows(int length, int stride) {
    /**
     * A window over the tokens that are fed, which are all but the last: the token fed at {@code i} predicts the one at
     * {@code i + 1}.
     *
     * @param start the first token that is fed
     * @param end behind the last one
     * @param scored the first one whose prediction counts here
     */
    record Window(int start, int end, int scored) {}

    public Windows {
        if (length < 1) {
            throw new InvalidRequestException("a window needs at least 1 token, not " + length);
        }
        if (stride < 1 || stride > length) {
            throw new InvalidRequestException(
                    "stride must be from 1 to the " + length + " tokens of a window, not " + stride);
        }
    }

    /** Windows that begin half their length apart. */
    public static Windows halfOverlapping(int length) {
        return new Windows(length, Math.max(1, length / 2));
    }

    /** Windows that it takes to feed so many tokens, at least 1. */
    int count(int fed) {
        return fed <= length ? 1 : 2 + (fed - length - 1) / stride;
    }

    /** @param number of the window, from 0 */
    Window at(int number, int fed) {
        int start = number * stride;
        int end = (int) Math.min((long) start + length, fed);
        return new Window(start, end, number == 0 ? 0 : start - stride + length);
    }
}
