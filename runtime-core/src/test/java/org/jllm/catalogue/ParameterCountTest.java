package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterCountTest {
    @ParameterizedTest
    @CsvSource({"7b, 7000000000", "1.3B, 1300000000", "110m, 110000000", "500k, 500000", "0.001k, 1"})
    void reads(String text, long parameters) {
        assertThat(ParameterCount.parse(text)).hasValueSatisfying(count -> {
            assertThat(count.parameters()).isEqualTo(parameters);
            assertThat(count.toString()).isEqualTo(text.toLowerCase(java.util.Locale.ROOT));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "b", "-7b", "7.b", ".5b", "7bn", "0b", "1e3b", "7 b", "٣b", "9999999b"})
    void refuses(String text) {
        assertThat(ParameterCount.parse(text)).isEmpty();
    }

    @Test
    void comparesNumbersAndNotTexts() {
        assertThat(ParameterCount.parse("900m").orElseThrow())
                .isLessThan(ParameterCount.parse("1.3b").orElseThrow());
        assertThat(ParameterCount.parse("13b").orElseThrow())
                .isGreaterThan(ParameterCount.parse("7b").orElseThrow());
    }

    @Test
    void numbersAreRoundedToTwoDigits() {
        assertThat(ParameterCount.rounded(5_963_008).text()).isEqualTo("6m");
        assertThat(ParameterCount.rounded(6_738_415_616L).text()).isEqualTo("6.7b");
        assertThat(ParameterCount.rounded(13_015_864_320L).text()).isEqualTo("13b");
        assertThat(ParameterCount.rounded(124_000_000).text()).isEqualTo("120m");
        assertThat(ParameterCount.rounded(5).text()).isEqualTo("1k");
        assertThat(ParameterCount.rounded(2_000_000_000_000L).text()).isEqualTo("2000b");
    }
}
