package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.LoadOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.junit.jupiter.api.Test;

/** A model leaves nothing behind in libtorch's memory. */
class LoadAndCloseTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MODEL = GoldenModel.folder("llama_gqa");
    private static final int CONTEXT = 64;

    @Test
    void twoHundredTimes() throws IOException {
        assumeTrue(Files.isReadable(STATUS), "no /proc/self/status on this system");
        times(50);
        long handles = LibTorch.get().liveHandles();
        long before = settledAnonymousBytes();
        times(200);
        long after = settledAnonymousBytes();
        System.out.println("GROWTH " + (after - before) + " of " + before);
        assertThat(LibTorch.get().liveHandles()).isEqualTo(handles);
    }

    private static void times(int count) {
        for (int i = 0; i < count; i++) {
            try (DecoderBackend backend = new TransformersLoader().loadDecoder(MODEL, LoadOptions.none())) {
                float[] logits = new float[backend.capabilities().vocabularySize()];
                Batch batch = new Batch();
                backend.open(0);
                backend.open(1);
                for (int position = 0; position < CONTEXT / 2; position++) {
                    batch.add(0, position, 1 + position, position == CONTEXT / 2 - 1);
                }
                backend.step(batch).read(0, logits);
                backend.fork(0, 1, 5);
                backend.reorder(new int[] {0, 1}, new int[] {1, 0});
                backend.close(1);
                batch.clear();
                batch.add(0, 5, 7, true);
                backend.step(batch).read(0, logits);
            }
        }
    }

    private static long settledAnonymousBytes() throws IOException {
        System.gc();
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> 1_024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
