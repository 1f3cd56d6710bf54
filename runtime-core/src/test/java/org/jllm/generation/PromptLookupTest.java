package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptLookupTest {
    /** A text in which everything is found again at once. */
    private static final int[] SAME = new int[3000];

    private final PromptLookup lookup = new PromptLookup();

    private int[] guess(int... ids) {
        return lookup.guess(ids, ids.length, 100);
    }

    @Test
    void aTextGoesOnAsAfterTheSameThreeTokens() {
        assertThat(guess(1, 2, 3, 9, 8, 7, 6, 1, 2, 3)).containsExactly(9, 8, 7);
    }

    @Test
    void threeTokensCountMoreThanTwoThatStoodLater() {
        assertThat(guess(1, 2, 3, 7, 5, 2, 3, 8, 1, 2, 3)).containsExactly(7, 5, 2);
    }

    @Test
    void ofSeveralPlacesTheLatestCounts() {
        assertThat(guess(2, 3, 7, 2, 3, 8, 4, 2, 3)).containsExactly(8, 4, 2);
        assertThat(guess(1, 2, 3, 7, 1, 2, 3, 8, 1, 2, 3)).containsExactly(8, 1, 2);
    }

    @Test
    void aPeriodGoesOnBeyondTheEndOfTheText() {
        assertThat(guess(5, 6, 5, 6, 5)).containsExactly(6, 5, 6);
        assertThat(guess(4, 4, 4)).containsExactly(4, 4, 4);
    }

    @Test
    void nothingIsGuessedWhereNothingIsFound() {
        assertThat(guess(1)).isEmpty();
        assertThat(guess(1, 2)).isEmpty();
        assertThat(guess(1, 2, 3, 2, 1)).isEmpty();
        assertThat(lookup.guess(new int[] {1, 2, 3, 1, 2, 1, 2}, 4, 100)).isEmpty();
    }

    @Test
    void noMoreIsGuessedThanThereIsRoomFor() {
        assertThat(lookup.guess(SAME, 100, 2)).hasSize(2);
        assertThat(lookup.guess(SAME, 100, 0)).isEmpty();
        assertThat(lookup.guess(SAME, 100, -1)).isEmpty();
    }

    @Test
    void guessesGrowWhileTheyAreRightAndShrinkToWhatWas() {
        lookup.learn(3, 3, 100);
        assertThat(lookup.guess(SAME, 100, 100)).hasSize(7);
        lookup.learn(7, 7, 108);
        assertThat(lookup.guess(SAME, 108, 100)).hasSize(15);
        lookup.learn(15, 4, 113);
        assertThat(lookup.guess(SAME, 113, 100)).hasSize(5);
        lookup.learn(5, 0, 114);
        assertThat(lookup.guess(SAME, 114, 100)).hasSize(3);
    }

    @Test
    void wrongGuessesPauseForLongerEachTime() {
        int size = 100;
        for (int pause : new int[] {32, 64, 128, 256, 512, 512}) {
            lookup.learn(3, 0, size);
            assertThat(lookup.guess(SAME, size, 100)).isNotEmpty();
            lookup.learn(1, 0, size);
            assertThat(lookup.guess(SAME, size + pause - 1, 100)).isEmpty();
            size += pause;
            assertThat(lookup.guess(SAME, size, 100)).hasSize(3);
        }
        lookup.learn(3, 3, size);
        while (lookup.guess(SAME, size, 100).length > 0) {
            lookup.learn(3, 0, size);
        }
        assertThat(lookup.guess(SAME, size + 32, 100)).isNotEmpty();
    }

    @Test
    void whoGivesUpGuessesNoMore() {
        lookup.giveUp();
        assertThat(lookup.guess(SAME, 3000, 100)).isEmpty();
    }
}
