package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong(-5);

    private void load(boolean terminal, long millisEach) {
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (LoadProgress progress = LoadProgress.of(err, "loading", terminal, clock::get)) {
            for (int i = 0; i <= 8; i++) {
                progress.accept(i / 8.0);
                progress.accept(i / 8.0 + 1e-9);
                clock.addAndGet(millisEach * 1_000_000);
            }
        }
    }

    @Test
    void aSlowLoadIsShownAndWipedAway() {
        load(true, 400);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("\rloading 37%\rloading 50%\rloading 62%\rloading 75%\rloading 87%\rloading 100%\r\u001b[K");
    }

    @Test
    void nothingIsShownOfAFastOneOrWithoutATerminal() {
        load(true, 100);
        load(false, 1000);
        assertThat(bytes.size()).isZero();
    }
}
