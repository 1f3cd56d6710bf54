package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.jllm.api.LoraAdapter;
import org.jllm.generation.ModelDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A packed model computes what a model computes whose matrices were unpacked in double precision. */
class QuantizedModelTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-4f);

    @TempDir
    private Path folder;

    private void assertUnpacked(Path packed, TinyModel unpacked, LoraAdapter... adapters) {
        float[] expected = TinyModel.logits(unpacked.write(folder.resolve("unpacked")));
        assertThat(TinyModel.logits(packed, adapters)).containsExactly(expected, CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, 4, 32, false, gptq",
        "llama, 4, -1, false, gptq_v2",
        "llama, 8, 16, true, gptq_v2",
        "llama, 3, 32, true, gptq",
        "llama, 2, 64, false, gptq",
        "llama, 4, 128, true, gptq",
        "gpt2, 4, 32, true, gptq",
        "gpt2, 8, -1, false, gptq_v2",
        "gpt_neox, 4, 16, true, gptq",
        "gpt_neox, 3, -1, false, gptq_v2"
    })
    void gptq(String architecture, int bits, int groupSize, boolean actOrder, String format) {
        TinyModel model = TinyModel.random(architecture, bits);
        TinyGptq packer = new TinyGptq(bits, groupSize, actOrder, format.equals("gptq"));
        TinyFile file = packer.pack(model, model.matrices(), new Random(groupSize));
        Path packed = model.write(folder.resolve("packed"), file, packer.config(format));
        assertUnpacked(packed, model);
    }

    /** As AutoGPTQ left it: a file of its own for the settings, one of its own name for the weights, biases of zero. */
    @Test
    void aFolderOfAutoGptq() throws Exception {
        TinyModel model = TinyModel.random(TinyModel.LLAMA, 30);
        TinyGptq packer = new TinyGptq(4, 32, false, true);
        TinyFile file = packer.pack(model, model.matrices(), new Random(31));
        for (String module : model.matrices()) {
            file.remove(module + ".g_idx");
            int outputs = (int) model.outputs(module);
            file.float16(module + ".bias", new double[outputs], outputs);
        }
        Path packed = model.write(folder.resolve("packed"), file, "{}");
        Files.move(packed.resolve("model.safetensors"), packed.resolve("gptq_model-4bit-32g.safetensors"));
        Files.writeString(
                packed.resolve("quantize_config.json"),
                "{\"bits\": 4, \"group_size\": 32, \"damp_percent\": 0.01, \"desc_act\": false, \"sym\": true,"
                        + " \"true_sequential\": true, \"model_name_or_path\": null, \"model_file_base_name\": null}");
        assertUnpacked(packed, model);
    }

    @Test
    void isDescribedAsWhatItIsAndRunsInTheTypeOfItsScales() {
        TinyModel model = TinyModel.random(TinyModel.LLAMA, 32);
        TinyGptq packer = new TinyGptq(4, 32, false, true);
        Path packed = model.write(
                folder.resolve("packed"), packer.pack(model, model.matrices(), new Random(33)), packer.config("gptq"));
        ModelDescription description = new TransformersLoader().describe(packed);
        assertThat(description.quantization()).isEqualTo("GPTQ 4-bit, groups of 32");
        assertThat(description.storedType()).isEqualTo("F16");
        long numbers = model.tensors().names().stream()
                .mapToLong(name -> model.weight(name).length)
                .sum();
        assertThat(description.parameters()).isEqualTo(numbers);
        float[] exact = TinyModel.logits(packed);
        assertThat(TinyModel.logits(packed, "auto")).isNotEqualTo(exact).containsExactly(exact, Offset.offset(0.01f));
    }

    @ParameterizedTest
    @CsvSource({
        "llama, nf4, 64, false, float16",
        "llama, fp4, 32, true, bfloat16",
        "llama, nf4, 4096, true, float32",
        "gpt2, nf4, 64, true, float16",
        "gpt2, fp4, 64, false, float16",
        "gpt_neox, nf4, 128, true, bfloat16"
    })
    void bitsAndBytesOfFourBits(String architecture, String kind, int block, boolean nested, String dtype) {
        TinyModel model = TinyModel.random(architecture, block);
        TinyBitsAndBytes packer = new TinyBitsAndBytes(kind, block, nested, dtype, new Random(block + 1));
        Path packed = model.write(
                folder.resolve("packed"),
                packer.fourBit(model, model.matrices()),
                "{\"quantization_config\": {\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}}");
        assertUnpacked(packed, model);
        assertThat(new TransformersLoader().describe(packed).quantization())
                .isEqualTo("bitsandbytes " + kind + ", blocks of " + block + (nested ? ", doubly quantised" : ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void bitsAndBytesOfEightBits(String architecture) {
        TinyModel model = TinyModel.random(architecture, 40);
        Path packed = model.write(
                folder.resolve("packed"),
                TinyBitsAndBytes.eightBit(model, model.matrices(), new Random(41)),
                "{\"quantization_config\": {\"load_in_8bit\": true}}");
        assertUnpacked(packed, model);
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void anAdapterOnAPackedBase(String architecture) {
        TinyModel model = TinyModel.random(architecture, 50);
        List<String> matrices = model.matrices();
        TinyGptq packer = new TinyGptq(4, 32, true, true);
        Path packed = model.write(
                folder.resolve("packed"), packer.pack(model, matrices, new Random(51)), packer.config("gptq"));
        float[] alone = TinyModel.logits(packed);
        TinyAdapter adapter = new TinyAdapter(model, 52, "", "{}");
        matrices.forEach(module -> adapter.update(module, 4, 1.5));
        LoraAdapter lora = adapter.write(folder.resolve("adapter"));
        assertUnpacked(packed, model, lora);
        assertThat(TinyModel.logits(packed)).isEqualTo(alone);
    }
}
