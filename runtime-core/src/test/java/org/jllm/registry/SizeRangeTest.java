package org.jllm.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.ParameterCount;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeRangeTest {
    private static final List<String> SIZES = List.of("110m", "1.3b", "7b", "8b", "70b");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<8b; 110m 1.3b 7b",
                "< 8B; 110m 1.3b 7b",
                "<=8b; 110m 1.3b 7b 8b",
                ">8b; 70b",
                ">=8b; 8b 70b",
                "7b; 7b",
                "=7b; 7b",
                "1300m; 1.3b",
                "1b..8b; 1.3b 7b 8b",
                "1b-8b; 1.3b 7b 8b",
                ">=1b,<8b; 1.3b 7b",
            })
    void chooses(String range, String expected) {
        SizeRange wanted = SizeRange.parse(range);
        Stream<String> chosen = SIZES.stream()
                .filter(size -> wanted.test(ParameterCount.parse(size).orElseThrow()));
        assertThat(chosen).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "big", "<", "8", "<8", "8b..1b", "<8b,", "==8b", "<8bb", "1..2..3b", "<-8b"})
    void anythingElseIsAnErrorThatSaysTheForm(String range) {
        assertThatThrownBy(() -> SizeRange.parse(range))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("<8b");
    }
}
