package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EmbedProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long seconds;

    private EmbedProgress progress(boolean shown, long totalBytes) {
        PrintStream err = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new EmbedProgress(err, shown, totalBytes, () -> seconds * 1_000_000_000L);
    }

    @Test
    void rateAndTimeLeftAreOfWhatIsDoneNow() {
        EmbedProgress progress = progress(true, 10_000);
        progress.begin(500, 4_000);
        seconds = 2;
        progress.update(700, 6_000);
        progress.wipe();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r[##############..........]  60% 700 texts, 100/s, 0:04 left\u001b[K\r\u001b[K");
    }

    @Test
    void withoutATotalThereIsACount() {
        EmbedProgress progress = progress(true, 0);
        progress.begin(0, 0);
        seconds = 10;
        progress.update(12_345, 6_000);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("\r12,345 texts, 1,235/s\u001b[K");
    }

    @Test
    void whatIsShortOrSeenByNobodySaysNothing() {
        progress(true, 0).update(3, 3);
        EmbedProgress unseen = progress(false, 0);
        seconds = 10;
        unseen.update(100, 100);
        unseen.wipe();
        assertThat(out.size()).isZero();
    }
}
