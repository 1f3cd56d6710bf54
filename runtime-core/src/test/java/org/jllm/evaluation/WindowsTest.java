package org.jllm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.jllm.api.InvalidRequestException;
import org.jllm.evaluation.Windows.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsTest {
    @Test
    void predictEveryTokenOnceFromEnoughBefore() {
        for (int length = 1; length <= 12; length++) {
            for (int stride = 1; stride <= length; stride++) {
                Windows windows = new Windows(length, stride);
                for (int fed = 1; fed <= 40; fed++) {
                    check(windows, fed);
                }
            }
        }
    }

    private static void check(Windows windows, int fed) {
        int[] predicted = new int[fed];
        for (int number = 0; number < windows.count(fed); number++) {
            Window window = windows.at(number, fed);
            assertThat(window.start()).isEqualTo(number * windows.stride());
            assertThat(window.end()).isBetween(window.scored() + 1, Math.min(fed, window.start() + windows.length()));
            for (int i = window.scored(); i < window.end(); i++) {
                int before = i + 1 - window.start();
                assertThat(before)
                        .isGreaterThanOrEqualTo(number == 0 ? i + 1 : windows.length() - windows.stride() + 1);
                predicted[i]++;
            }
        }
        assertThat(Arrays.stream(predicted)).as("%s over %d", windows, fed).containsOnly(1);
    }

    @Test
    void doNotOverflow() {
        Windows windows = new Windows(Integer.MAX_VALUE - 1, 2);
        assertThat(windows.count(Integer.MAX_VALUE)).isEqualTo(2);
        assertThat(windows.at(1, Integer.MAX_VALUE)).isEqualTo(new Window(2, Integer.MAX_VALUE, Integer.MAX_VALUE - 1));
    }

    @Test
    void overlapByHalfUnlessSaid() {
        assertThat(Windows.halfOverlapping(511)).isEqualTo(new Windows(511, 255));
        assertThat(Windows.halfOverlapping(1)).isEqualTo(new Windows(1, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 1 | a window needs at least 1 token, not 0",
                "256 | 0 | stride must be from 1 to the 256 tokens of a window, not 0",
                "256 | 257 | stride must be from 1 to the 256 tokens of a window, not 257"
            })
    void refuseWhatLeavesTokensOut(int length, int stride, String message) {
        assertThatThrownBy(() -> new Windows(length, stride))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }
}
