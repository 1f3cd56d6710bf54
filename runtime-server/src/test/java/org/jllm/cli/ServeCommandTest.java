package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jllm.api.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code serve} refuses before it listens. */
class ServeCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--keep-alive, soon, --keep-alive",
        "--drain, 5, --drain",
        "--request-timeout, -1s, --request-timeout",
        "--memory, much, --memory",
        "--host, 0.0.0.0, --api-key"
    })
    void wrongFlagsAreWrongUsageInOneLine(String flag, String value, String named) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = Main.execute(errors, errors, false, "serve", "demo", "--port", "0", flag + "=" + value);
        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains(named);
    }

    @Test
    void timesAreReadAsPeopleWriteThem() {
        assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Durations.parse("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Durations.parse("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Durations.parse("0")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "5 s", "1d", "9999999999s", "s"})
    void otherTimesAreRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(InvalidRequestException.class);
    }
}
