package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.gguf.EditableGguf.Values;
import org.jllm.gguf.file.GgmlType;
import org.jllm.gguf.file.GgufNumber;
import org.jllm.gguf.file.GgufNumbers;
import org.jllm.gguf.file.GgufText;
import org.jllm.gguf.file.GgufValueType;
import org.jllm.machine.ProcessMemory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters compute what a model with the adapter added to its weights does, and bad ones are refused. */
class LoraTest {
    private static final GgufLoader LOADER = new GgufLoader();
    private static final int RANK = 4;
    private static final float ALPHA = 8;
    private static final int[] PROMPT = {1, 100, 2000, 35, 5999};
    private static final List<String> TARGETS = List.of(
            "blk.0.attn_q.weight",
            "blk.0.attn_v.weight",
            "blk.3.attn_output.weight",
            "blk.2.ffn_gate.weight",
            "blk.5.ffn_down.weight");
    private static Path base;

    @TempDir
    Path folder;

    private EditableGguf weights;

    @BeforeAll
    static void load() {
        base = TestModels.float32();
    }

    @BeforeEach
    void read() throws IOException {
        weights = EditableGguf.read(base);
    }

    private static EditableGguf adapter() {
        EditableGguf adapter = EditableGguf.empty();
        adapter.metadata().put("general.architecture", GgufText.of("llama"));
        adapter.metadata().put("general.type", GgufText.of("adapter"));
        adapter.metadata().put("adapter.type", GgufText.of("lora"));
        adapter.metadata().put("adapter.lora.alpha", GgufNumber.float32(ALPHA));
        return adapter;
    }

    private EditableGguf random(long seed) {
        EditableGguf adapter = adapter();
        Random random = new Random(seed);
        for (String target : TARGETS) {
            List<Long> size = weights.tensors().get(target).dimensions();
            adapter.tensors().put(target + ".lora_a", Values.random(random, 0.1, size.get(0), RANK));
            adapter.tensors().put(target + ".lora_b", Values.random(random, 0.1, RANK, size.get(1)));
        }
        return adapter;
    }

    private void merge(EditableGguf adapter, float scale) {
        for (String target : TARGETS) {
            float[] a = adapter.tensors().get(target + ".lora_a").numbers();
            float[] b = adapter.tensors().get(target + ".lora_b").numbers();
            Values weight = weights.tensors().get(target);
            int columns = weight.dimensions().get(0).intValue();
            for (int i = 0; i < weight.numbers().length; i++) {
                double sum = 0;
                for (int r = 0; r < RANK; r++) {
                    sum += (double) b[i / columns * RANK + r] * a[r * columns + i % columns];
                }
                weight.numbers()[i] += (float) (scale * ALPHA / RANK * sum);
            }
        }
    }

    private static DecoderBackend open(Path model, LoraAdapter... adapters) {
        return LOADER.loadDecoder(model, LoadOptions.ofLora(List.of(adapters)), ContextPlan.Attention.EXACT);
    }

    /** Logits of each step of a greedy continuation of a prompt. */
    private static List<float[]> greedy(Path model, LoraAdapter... adapters) {
        List<float[]> steps = new ArrayList<>();
        try (DecoderBackend backend = open(model, adapters)) {
            backend.open(0);
            int[] next = PROMPT;
            for (int step = 0; step < 20; step++) {
                Batch batch = new Batch();
                for (int i = 0; i < next.length; i++) {
                    batch.add(0, backend.length(0) + i, next[i], i == next.length - 1);
                }
                float[] logits = new float[backend.capabilities().vocabularySize()];
                backend.step(batch).read(0, logits);
                steps.add(logits);
                next = new int[] {best(logits)};
            }
        }
        return steps;
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static List<Integer> tokens(List<float[]> steps) {
        return steps.stream().map(LoraTest::best).toList();
    }

    private static void assertSame(List<float[]> actual, List<float[]> expected) {
        assertThat(tokens(actual)).isEqualTo(tokens(expected));
        for (int step = 0; step < expected.size(); step++) {
            assertThat(actual.get(step)).containsExactly(expected.get(step), within(1e-3f));
        }
    }

    @Test
    void anAdapterComputesWhatMergedWeightsDo() throws IOException {
        EditableGguf adapter = random(1);
        Path file = adapter.write(folder.resolve("lora=1.gguf"));
        List<float[]> plain = greedy(base);
        List<float[]> adapted = greedy(base, LoraAdapter.parse(file + "=0.75"));
        assertThat(tokens(adapted)).isNotEqualTo(tokens(plain));
        merge(adapter, 0.75f);
        assertSame(adapted, greedy(weights.write(folder.resolve("merged.gguf"))));
        assertThat(greedy(base, new LoraAdapter(file, 0))).containsExactlyElementsOf(plain);
    }

    @Test
    void adaptersAddUp() throws IOException {
        EditableGguf one = random(2);
        EditableGguf other = random(3);
        List<float[]> adapted = greedy(
                base,
                new LoraAdapter(one.write(folder.resolve("one.gguf")), 0.5f),
                new LoraAdapter(other.write(folder.resolve("other.gguf")), -0.5f));
        merge(one, 0.5f);
        merge(other, -0.5f);
        assertSame(adapted, greedy(weights.write(folder.resolve("merged.gguf"))));
    }

    @Test
    void withoutAlphaTheScaleIsTheWholeFactor() throws IOException {
        EditableGguf adapter = random(4);
        adapter.metadata().remove("adapter.lora.alpha");
        List<float[]> adapted = greedy(base, new LoraAdapter(adapter.write(folder.resolve("lora.gguf")), 1));
        merge(adapter, RANK / ALPHA);
        assertSame(adapted, greedy(weights.write(folder.resolve("merged.gguf"))));
    }

    @Test
    void embeddingsAreAdaptedWhereTheOutputIsAnother() throws IOException {
        Values embedding = weights.tensors().get("token_embd.weight");
        weights.tensors()
                .put(
                        "output.weight",
                        new Values(embedding.dimensions(), embedding.numbers().clone()));
        Path untied = weights.write(folder.resolve("untied.gguf"));
        Random random = new Random(5);
        EditableGguf adapter = adapter();
        Values a = Values.random(random, 0.1, RANK, 6000);
        Values b = Values.random(random, 0.1, RANK, 256);
        adapter.tensors().put("token_embd.weight.lora_a", a);
        adapter.tensors().put("token_embd.weight.lora_b", b);
        Path file = adapter.write(folder.resolve("lora.gguf"));
        for (int token = 0; token < 6000; token++) {
            for (int i = 0; i < 256; i++) {
                for (int r = 0; r < RANK; r++) {
                    embedding.numbers()[token * 256 + i] +=
                            ALPHA / RANK * a.numbers()[token * RANK + r] * b.numbers()[i * RANK + r];
                }
            }
        }
        assertSame(greedy(untied, new LoraAdapter(file, 1)), greedy(weights.write(folder.resolve("merged.gguf"))));
        assertRefused(file, UnsupportedModelException.class, "'token_embd.weight.lora_a'", "output");
    }

    @Test
    void fiftyLoadsLeaveNothingBehind() throws IOException {
        Random random = new Random(6);
        EditableGguf large = adapter();
        large.tensors().put("blk.5.ffn_down.weight.lora_a", Values.random(random, 0.1, 704, 1024));
        large.tensors().put("blk.5.ffn_down.weight.lora_b", Values.random(random, 0.1, 1024, 256));
        LoraAdapter adapter = new LoraAdapter(large.write(folder.resolve("lora.gguf")), 1);
        for (int i = 0; i < 10; i++) {
            open(base, adapter).close();
        }
        long before = ProcessMemory.now().anonymous();
        for (int i = 0; i < 50; i++) {
            open(base, adapter).close();
        }
        // 50 of these adapters are 200 MiB.
        assertThat(ProcessMemory.now().anonymous() - before).isLessThan(64L << 20);
    }

    private AbstractThrowableAssert<?, ?> assertRefused(
            Path adapter, Class<? extends JllmException> type, String... parts) {
        return assertThatThrownBy(() -> open(base, new LoraAdapter(adapter, 1)).close())
                .isInstanceOf(type)
                .hasMessageContainingAll(parts)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    private AbstractThrowableAssert<?, ?> assertRefused(
            Consumer<EditableGguf> change, Class<? extends JllmException> type, String... parts) throws IOException {
        EditableGguf adapter = random(7);
        change.accept(adapter);
        return assertRefused(adapter.write(folder.resolve("lora.gguf")), type, parts);
    }

    @Test
    void filesThatAreNoAdapterAreRefused() throws IOException {
        assertRefused(folder.resolve("none.gguf"), ModelNotFoundException.class, "none.gguf");
        assertRefused(base, InvalidRequestException.class, "no adapter");
        Path file = random(8).write(folder.resolve("whole.gguf"));
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 3, 30, 200, bytes.length / 2, bytes.length - 33}) {
            Path cut = Files.write(folder.resolve("cut.gguf"), java.util.Arrays.copyOf(bytes, length));
            assertRefused(cut, InvalidModelException.class, "cut.gguf");
        }
    }

    @Test
    void metadataThatDoNotFitAreRefused() throws IOException {
        assertRefused(
                file -> file.metadata().put("adapter.type", GgufText.of("con\ntrol")),
                UnsupportedModelException.class,
                "con\\u000atrol");
        assertRefused(
                file -> file.metadata().put("general.architecture", GgufText.of("qwen2")),
                InvalidRequestException.class,
                "'qwen2'",
                "'llama'");
        assertRefused(
                file -> file.metadata().put("general.type", GgufNumber.uint32(1)),
                InvalidModelException.class,
                "general.type");
        assertRefused(
                file -> file.metadata().put("adapter.lora.alpha", new GgufNumber(GgufValueType.FLOAT64, 0)),
                InvalidModelException.class,
                "adapter.lora.alpha");
        assertRefused(
                file -> file.metadata().put("adapter.lora.alpha", GgufNumber.float32(Float.NaN)),
                InvalidModelException.class,
                "adapter.lora.alpha");
        assertRefused(
                file -> file.metadata().put("adapter.alora.invocation_tokens", GgufNumbers.int32(1)),
                UnsupportedModelException.class,
                "adapter.alora.invocation_tokens");
    }

    @Test
    void tensorsThatDoNotFitAreRefused() throws IOException {
        Random random = new Random(9);
        String a = "blk.2.ffn_gate.weight.lora_a";
        String b = "blk.2.ffn_gate.weight.lora_b";
        assertRefused(file -> file.tensors().clear(), InvalidModelException.class, "no tensors");
        assertRefused(file -> file.tensors().remove(a), InvalidModelException.class, a, b);
        assertRefused(file -> file.tensors().remove(b), InvalidModelException.class, a, b);
        for (long[] dimensions : new long[][] {{255, RANK}, {256, 5}, {RANK, 256}, {256}, {256, RANK, 2}}) {
            assertRefused(
                    file -> file.tensors().put(a, Values.random(random, 1, dimensions)),
                    InvalidRequestException.class,
                    "'" + a + "'",
                    "[256, 4]");
        }
        assertRefused(
                file -> file.tensors().put(b, Values.random(random, 1, RANK, 705)),
                InvalidRequestException.class,
                "'" + b + "'",
                "[4, 704]");
        assertRefused(
                file -> {
                    file.tensors().put("blk.99.attn_q.weight.lora_a", Values.random(random, 1, 256, RANK));
                    file.tensors().put("blk.99.attn_q.weight.lora_b", Values.random(random, 1, RANK, 256));
                },
                InvalidRequestException.class,
                "'blk.99.attn_q.weight'");
        assertRefused(
                file -> {
                    file.tensors().put("output_norm.weight.lora_a", Values.random(random, 1, 256, RANK));
                    file.tensors().put("output_norm.weight.lora_b", Values.random(random, 1, RANK, 1));
                },
                UnsupportedModelException.class,
                "no matrix");
        assertRefused(
                file -> file.tensors().put("blk.0.attn_norm.weight", Values.random(random, 1, 256)),
                UnsupportedModelException.class,
                "'blk.0.attn_norm.weight'");
    }

    @Test
    void typesThatKernelsDoNotHaveAreRefused() throws IOException {
        for (GgmlType type : List.of(GgmlType.I8, GgmlType.I32, GgmlType.F64)) {
            assertRefused(
                    random(10).write(folder.resolve(type + ".gguf"), type),
                    UnsupportedModelException.class,
                    "'blk.0.attn_q.weight.lora_a'",
                    type.name());
        }
        for (GgmlType type : List.of(GgmlType.F16, GgmlType.BF16)) {
            Path zeros = random(11).write(folder.resolve(type + ".gguf"), type);
            assertThat(tokens(greedy(base, new LoraAdapter(zeros, 1)))).isEqualTo(tokens(greedy(base)));
        }
    }
}
