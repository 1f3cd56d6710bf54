package org.jllm.generation;

/**
 * Guesses how a text goes on: as it did after the latest earlier place, in the prompt or the text itself, that reads like
 * its last three tokens, or else its last two. A guess costs rows of a step, so how many tokens it has, and whether there
 * is one at all, depends on how many were right lately. For one request; not safe for use by several threads.
 */
final class PromptLookup {
    private static final int[] NONE = {};
    /** Two rows take a CPU half as long again as one, four of them hardly longer than two. */
    private static final int SHORTEST_LENGTH = 3;

    private static final int MOST_LENGTH = 63;

    /** Four rows take a CPU two thirds longer than one, so if fewer than this part are right, guesses do not pay. */
    private static final double WORTHWHILE = 0.3;

    private static final double UNKNOWN = 0.5;
    private static final double WEIGHT = 0.25;

    /** Tokens without guesses after guesses that did not pay; twice as many after each time that they did not again. */
    private static final int SHORTEST_PAUSE = 32;

    private static final int LONGEST_PAUSE = 512;

    private int length = SHORTEST_LENGTH;
    private double right = UNKNOWN;
    private int pause = SHORTEST_PAUSE;
    private int pausedUntil;

    /**
     * Tokens that may follow; none where nothing is found or guessing does not pay.
     *
     * @param ids whose first {@code size} are the prompt and the text so far
     * @param most tokens to guess, not positive for none
     */
    int[] guess(int[] ids, int size, int most) {
        int count = Math.min(length, most);
        int from = count < 1 || size < pausedUntil ? -1 : follower(ids, size);
        if (from < 0) {
            return NONE;
        }
        int[] guesses = new int[count];
        for (int i = 0; i < count; i++) {
            guesses[i] = from + i < size ? ids[from + i] : guesses[from + i - size];
        }
        return guesses;
    }

    /** Where the latest copy of the longest end of the text goes on; -1 if there is none. */
    private static int follower(int[] ids, int size) {
        int two = -1;
        for (int end = size - 1; end >= 2; end--) {
            if (ids[end - 1] == ids[size - 1] && ids[end - 2] == ids[size - 2]) {
                if (end >= 3 && ids[end - 3] == ids[size - 3]) {
                    return end;
                }
                if (two < 0) {
                    two = end;
                }
            }
        }
        return two;
    }

    /**
     * Takes what has become of a guess.
     *
     * @param guessed tokens, at least 1
     * @param accepted how many of them the text went on with
     * @param size tokens of prompt and text now
     */
    void learn(int guessed, int accepted, int size) {
        right += WEIGHT * ((double) accepted / guessed - right);
        if (accepted == guessed) {
            length = Math.min(2 * length + 1, MOST_LENGTH);
            pause = SHORTEST_PAUSE;
        } else {
            length = Math.max(SHORTEST_LENGTH, accepted + 1);
        }
        if (right < WORTHWHILE) {
            pausedUntil = size + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            right = UNKNOWN;
            length = SHORTEST_LENGTH;
        }
    }

    /** No more guesses: they cannot be taken back. */
    void giveUp() {
        pausedUntil = Integer.MAX_VALUE;
    }
}
