package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written whole computes what it computed packed or with adapters, bit by bit. */
class ResolvedWeightsTest {
    @TempDir
    private Path folder;

    private Path convert(Path model, LoraAdapter... adapters) {
        Path out = folder.resolve("out");
        List<Double> progress = new ArrayList<>();
        LoadOptions options = LoadOptions.builder().lora(adapters).build();
        new TransformersLoader().convert(model, options, List.of(), out, progress::add);
        assertThat(progress).isSorted().endsWith(1.0);
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void anAdapterIsMerged(String architecture) {
        TinyModel base = TinyModel.random(architecture, 1, "{\"tie_word_embeddings\": true}");
        String embeddings = base.tensors().names().get(0).replace(".weight", "");
        TinyAdapter adapter = new TinyAdapter(base.copy(), 2, "", "{}");
        base.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        adapter.updateEmbedding(embeddings, 4, 1.5);
        LoraAdapter lora = adapter.write(folder.resolve("adapter"));
        Path written = base.write(folder.resolve("base"));
        assertThat(TinyModel.logits(convert(written, lora))).isEqualTo(TinyModel.logits(written, lora));
    }

    @Test
    void packedMatricesAreUnpackedToTheTypeOfTheirScales() throws Exception {
        TinyModel model = TinyModel.random(TinyModel.GPT2, 3);
        TinyGptq packer = new TinyGptq(4, 32, true, true);
        Path packed = model.write(
                folder.resolve("packed"), packer.pack(model, model.matrices(), new Random(4)), packer.config("gptq"));
        Files.writeString(packed.resolve("quantize_config.json"), "{}");
        Files.writeString(packed.resolve("tokenizer_config.json"), "{}");
        Path whole = convert(packed);
        assertThat(Files.readString(whole.resolve("config.json"))).doesNotContain("quant");
        assertThat(whole.resolve("quantize_config.json")).doesNotExist();
        assertThat(whole.resolve("tokenizer_config.json")).exists();
        String matrix = model.matrices().get(0) + ".weight";
        assertThat(Checkpoint.open(whole).require(matrix).type()).isEqualTo(ElementType.F16);
        assertThat(TinyModel.logits(whole, "float16")).isEqualTo(TinyModel.logits(packed, "float16"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "float16", "float32"})
    void matricesOfBitsAndBytesGetTheTypeThatTheyHad(String dtype) {
        TinyModel model = TinyModel.random(TinyModel.LLAMA, 5);
        TinyFile file = new TinyBitsAndBytes("nf4", 64, true, dtype, new Random(6)).fourBit(model, model.matrices());
        Path packed = model.write(folder.resolve("packed"), file, "{}");
        Path whole = convert(packed);
        String matrix = model.matrices().get(0) + ".weight";
        assertThat(Checkpoint.open(whole).require(matrix).type())
                .isEqualTo(ElementType.ofDtype(dtype).orElseThrow());
        assertThat(TinyModel.logits(whole, dtype)).isEqualTo(TinyModel.logits(packed, dtype));
    }

    @Test
    void whatIsWholeKeepsItsBytes() throws Exception {
        Path written = TinyModel.random(TinyModel.LLAMA, 7).write(folder.resolve("model"));
        Path out = convert(written);
        assertThat(TinyModel.logits(out)).isEqualTo(TinyModel.logits(written));
        assertThat(out.resolve("config.json")).hasSameBinaryContentAs(written.resolve("config.json"));
    }
}
