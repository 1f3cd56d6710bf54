package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A closed model leaves nothing behind. Anonymous memory is measured in a process of its own, whose Java heap has one
 * size and all its pages from the start, so that what grows is native.
 */
class LoadAndCloseTest {
    private static final Path MODEL = GoldenModel.folder("llama_gqa");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int LOADS = 200;

    @TempDir
    private Path temporary;

    /** In bfloat16 the weights are copies in anonymous memory, since the file has them as float32. */
    @Test
    void anonymousMemoryStaysAsItWas() throws Exception {
        assumeTrue(Files.isReadable(STATUS), "no /proc/self/status on this system");
        Path output = temporary.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:+AlwaysPreTouch",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadAndCloseTest.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended && process.exitValue() == 0).as(text).isTrue();

        long growth = text.lines()
                .filter(line -> line.startsWith("growth "))
                .mapToLong(line -> Long.parseLong(line.substring("growth ".length())))
                .findFirst()
                .orElseThrow();
        long weightsInBfloat16 = Checkpoint.open(MODEL).bytes() / 2;
        assertThat(growth).as(text).isLessThan(LOADS * weightsInBfloat16 / 2);
    }

    /** What the other process does. */
    public static void main(String[] arguments) throws IOException {
        LoadOptions options = dtype("bfloat16");
        times(50, options);
        long before = anonymousBytes();
        times(LOADS, options);
        System.out.println("growth " + (anonymousBytes() - before));
        System.exit(LibTorch.get().liveHandles() == 0 ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "bfloat16", "float16"})
    void noHandleAndNoMappingStays(String dtype) throws IOException {
        Path folder = GoldenModel.copy("llama_gqa", temporary.resolve("model"));
        long handles = LibTorch.get().liveHandles();
        LoadOptions options = dtype(dtype);
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, options)) {
            run(backend);
            assertThat(LibTorch.get().liveHandles()).isGreaterThan(handles);
            assertThat(mapped(folder)).isEqualTo(Files.isReadable(MAPS) && dtype.equals("auto"));
        }
        assertThat(LibTorch.get().liveHandles()).isEqualTo(handles);
        assertThat(mapped(folder)).isFalse();
    }

    @Test
    void aLoadThatFailsLeavesNothing() throws IOException {
        Path folder = GoldenModel.copy("llama_gqa", temporary.resolve("model"));
        PreparedModel model = PreparedModel.of(folder, List.of());
        DecoderPlan plan = model.plan();
        List<TensorSpec> more = Stream.concat(plan.tensors().stream(), Stream.of(TensorSpec.of("absent", 1)))
                .toList();
        DecoderPlan wrong = new DecoderPlan(
                plan.script(),
                more,
                plan.names(),
                plan.ignorable(),
                plan.cache(),
                plan.hiddenSize(),
                plan.vocabularySize(),
                plan.context(),
                plan.longestContext(),
                plan.integers(),
                plan.numbers(),
                plan.lists());
        long handles = LibTorch.get().liveHandles();
        WeightForm form = new WeightForm(Precision.FLOAT32, Quantization.NONE, false, "cpu", PackFolder.ofUser(0L));
        TorchDecoder.Settings settings = new TorchDecoder.Settings(form, 1, 64, 1 << 20);
        Throwable error = catchThrowable(() -> new TorchDecoder(LibTorch.get(), model.weights(), wrong, settings));
        assertThat(error).isInstanceOf(InvalidModelException.class).hasMessageContaining("'absent'");
        assertThat(LibTorch.get().liveHandles()).isEqualTo(handles);
        assertThat(mapped(folder)).isFalse();
    }

    private static LoadOptions dtype(String dtype) {
        return LoadOptions.ofDtype(dtype);
    }

    private static void times(int count, LoadOptions options) {
        for (int i = 0; i < count; i++) {
            try (DecoderBackend backend = new TransformersLoader().loadDecoder(MODEL, options)) {
                run(backend);
            }
        }
    }

    /** A bit of everything; slots are left open, for closing the model to free them. */
    private static void run(DecoderBackend backend) {
        float[] logits = new float[backend.capabilities().vocabularySize()];
        float[] embedding = new float[backend.capabilities().embeddingSize()];
        Batch batch = new Batch();
        backend.open(0);
        backend.open(1);
        backend.open(2);
        for (int position = 0; position < 40; position++) {
            batch.add(0, position, 1 + position, false);
        }
        backend.step(batch);
        backend.fork(0, 1, 5);
        backend.fork(0, 2, 7);
        backend.reorder(new int[] {0, 1}, new int[] {1, 0});
        backend.close(2);
        batch.clear();
        batch.add(0, 5, 7, true);
        backend.step(batch).read(0, logits);
        batch.clear();
        batch.addEmbedding(0, 6, embedding, true);
        backend.step(batch).read(0, logits);
    }

    private static boolean mapped(Path folder) throws IOException {
        if (!Files.isReadable(MAPS)) {
            return false;
        }
        String path = folder.toRealPath().toString();
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains(path));
        }
    }

    private static long anonymousBytes() throws IOException {
        System.gc();
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> 1_024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
