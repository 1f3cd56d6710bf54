package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {
    private static final long SECOND = 1_000_000_000;
    private static final long GIB = 1L << 30;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    private DownloadProgress progress(boolean terminal) {
        return new DownloadProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, clock::get);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalSeesRateAndTimeLeft() {
        DownloadProgress progress = progress(true);
        progress.begin("org/name", 4 * GIB, GIB);
        clock.addAndGet(10 * SECOND);
        progress.progress(GIB);
        assertThat(text())
                .startsWith("downloading org/name: 3.0 GiB (1.0 GiB of 4.0 GiB is here)\n")
                .contains("\r[############............]  50% 2.0 GiB of 4.0 GiB, 102 MiB/s, 0:20 left");
        progress.note("the network fails");
        assertThat(text()).contains("\r\u001b[Kthe network fails\n");
        progress.end("org/name", true);
        assertThat(text()).endsWith("org/name is complete\n");
    }

    @Test
    void elsewhereThereIsALineAtTheBeginAndOneAtTheEnd() {
        DownloadProgress progress = progress(false);
        progress.begin("org/name", GIB, 0);
        for (int i = 0; i < 100; i++) {
            clock.addAndGet(SECOND);
            progress.progress(GIB / 100);
        }
        progress.end("org/name", false);
        assertThat(text().lines())
                .containsExactly(
                        "downloading org/name: 1.0 GiB",
                        "the download of org/name has stopped; what has come is kept, the same command goes on");
    }

    @Test
    void nothingIsSaidWhereNothingIsToDo() {
        DownloadProgress progress = progress(true);
        progress.begin("org/name", GIB, GIB);
        progress.progress(0);
        progress.end("org/name", true);
        assertThat(text()).isEmpty();
    }

    @Test
    void bytesThatAreThrownAwayDoNotBreakTheBar() {
        DownloadProgress progress = progress(true);
        progress.begin("org/name", 1000, 0);
        clock.addAndGet(SECOND);
        progress.progress(900);
        clock.addAndGet(SECOND);
        progress.progress(-1800);
        assertThat(text()).contains("  0% 0 B of 1000 B");
    }
}
