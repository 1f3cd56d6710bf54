package org.jllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.torch.TensorNames;
import org.jllm.torch.TransformersLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomModelTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"float32, F32", "fp32, F32", "bfloat16, BF16", "bf16, BF16", "float16, F16", "fp16, F16"})
    void loadsAndGivesFiniteLogits(String dtype, ElementType type) {
        RandomModel.Written written = RandomModel.write("llama:tiny", dtype, folder);

        assertThat(written).isEqualTo(new RandomModel.Written(folder, 158_016, 158_016L * type.bytes()));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertThat(checkpoint.bytes()).isEqualTo(written.bytes());
        assertThat(checkpoint.tensors().values()).allMatch(tensor -> tensor.type() == type);
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, LoadOptions.none())) {
            Batch batch = new Batch();
            batch.add(0, 0, 1, false);
            batch.add(0, 1, 511, true);
            float[] logits = new float[512];
            backend.open(0);
            backend.step(batch).read(0, logits);
            for (float logit : logits) {
                assertThat(logit).isFinite();
            }
            assertThat(logits[0]).isNotEqualTo(logits[1]);
        }
    }

    @Test
    void isTheSameEveryTimeAndLeavesNothingElse() throws Exception {
        RandomModel.write("llama:tiny", "bf16", folder.resolve("a/b"));
        RandomModel.write("llama:tiny", "fp32", folder.resolve("c"));
        RandomModel.write("llama:tiny", "bf16", folder.resolve("c"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            assertThat(folder.resolve("c").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("a/b").resolve(name));
        }
        try (var files = Files.list(folder.resolve("c"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama:1.1b, 1100048384",
        "llama:7b, 6738415616",
        "llama:150m, 152318464",
        "mistral:7b, 7241732096",
        "qwen2:0.5b, 494032768",
        "gpt-neox:1.4b, 1413402624",
        "gpt2:1.3b, 1316605952",
        "mamba:1.4b, 1372178432",
        "rwkv:1.5b, 1515106304"
    })
    void hasTheParametersOfThePublishedModel(String spec, long parameters) {
        assertThat(ModelShape.of(spec).tensors(ElementType.I8).stream()
                        .mapToLong(tensor -> tensor.byteLength())
                        .sum())
                .isEqualTo(parameters);
    }

    @ParameterizedTest
    @EnumSource(ModelShape.class)
    void isWhatTheArchitectureWants(ModelShape shape) throws Exception {
        Files.writeString(folder.resolve("config.json"), shape.config("float32").toString());
        Set<String> stored = shape.tensors(ElementType.F32).stream()
                .map(tensor -> tensor.name())
                .collect(Collectors.toSet());
        var wanted = TensorNames.of(folder, stored);
        assertThat(shape.tensors(ElementType.F32).stream().map(tensor -> tensor.name() + tensor.shape()))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void listsTheShapesItKnows() {
        assertThatThrownBy(() -> RandomModel.write("llama:2b", "bf16", folder))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "unknown model shape 'llama:2b': known are llama:tiny, llama:150m, llama:1.1b, llama:7b, "
                                + "mistral:7b, qwen2:0.5b, gpt-neox:1.4b, gpt2:1.3b, mamba:tiny, mamba:1.4b, bert:tiny, bert:base, rwkv:1.5b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "", "auto", "BF16"})
    void refusesOtherTypes(String dtype) {
        assertThatThrownBy(() -> RandomModel.write("llama:tiny", dtype, folder))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'" + dtype + "'")
                .hasMessageContaining("float32, bfloat16 or float16");
    }

    @Test
    void roundsToTheNearestHalf() {
        for (int half = 0; half < 0x7c00; half++) {
            float value = widened(half);
            float next = widened(half + 1);
            assertThat(RandomWeights.float16(value)).isEqualTo((short) half);
            assertThat(RandomWeights.float16(-value)).isEqualTo((short) (half | 0x8000));
            if (half < 0x7bff) {
                float middle = (value + next) / 2;
                assertThat(RandomWeights.float16(middle)).isEqualTo((short) (half + (half & 1)));
                assertThat(RandomWeights.float16(Math.nextUp(middle))).isEqualTo((short) (half + 1));
                assertThat(RandomWeights.float16(Math.nextDown(middle))).isEqualTo((short) half);
            }
        }
        assertThat(RandomWeights.bfloat16(1.00390625f)).isEqualTo((short) 0x3f80);
        assertThat(RandomWeights.bfloat16(1.01171875f)).isEqualTo((short) 0x3f82);
        assertThat(RandomWeights.bfloat16(-1.00390637f)).isEqualTo((short) 0xbf81);
    }

    /** Positive and finite. */
    private static float widened(int half) {
        int exponent = half >> 10;
        int fraction = half & 0x3ff;
        return exponent == 0 ? fraction * 0x1p-24f : Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
    }
}
