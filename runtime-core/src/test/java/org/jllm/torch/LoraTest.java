package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.jllm.api.LoraAdapter;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.TorchSave;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A base with adapters computes what a model computes whose weights were merged in double precision. */
class LoraTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-4f);
    private static final Map<String, String[]> TARGETS = Map.of(
            TinyModel.LLAMA, new String[] {"q_proj", "v_proj", "down_proj"},
            TinyModel.GPT2, new String[] {"c_attn", "c_proj"},
            TinyModel.GPT_NEOX, new String[] {"query_key_value", "dense_4h_to_h"});
    private static final Map<String, String> EMBEDDINGS = Map.of(
            TinyModel.LLAMA, "model.embed_tokens",
            TinyModel.GPT2, "transformer.wte",
            TinyModel.GPT_NEOX, "gpt_neox.embed_in");
    private static final Map<String, String> HEADS =
            Map.of(TinyModel.LLAMA, "lm_head", TinyModel.GPT2, "lm_head", TinyModel.GPT_NEOX, "embed_out");

    @TempDir
    private Path folder;

    private void assertMerged(TinyModel base, TinyModel merged, LoraAdapter... adapters) {
        assertMerged(base.write(folder.resolve("base")), merged, adapters);
    }

    private void assertMerged(Path base, TinyModel merged, LoraAdapter... adapters) {
        float[] expected = TinyModel.logits(merged.write(folder.resolve("merged")));
        assertThat(TinyModel.logits(base)).as("the adapter matters").isNotEqualTo(expected);
        assertThat(TinyModel.logits(base, adapters)).containsExactly(expected, CLOSE);
    }

    private static boolean isTarget(TinyModel model, String module) {
        for (String target : TARGETS.get(model.architecture())) {
            if (module.endsWith('.' + target)) {
                return true;
            }
        }
        return false;
    }

    private static String listOfTargets(TinyModel model) {
        return "[\"" + String.join("\", \"", TARGETS.get(model.architecture())) + "\"]";
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void aListOfModules(String architecture) {
        TinyModel base = TinyModel.random(architecture, 1);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 2, "", "{\"target_modules\": " + listOfTargets(base) + "}");
        base.matrices().stream()
                .filter(module -> isTarget(base, module))
                .forEach(module -> adapter.update(module, 4, 1.5));
        assertMerged(base, merged, adapter.write(folder.resolve("adapter")));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void aPatternRankStabilizedWithRanksAndAlphasOfTheirOwn(String architecture) {
        TinyModel base = TinyModel.random(architecture, 3);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 4, ".default", """
                {"target_modules": ".*\\\\.1\\\\.(attn|self_attn|attention|mlp)\\\\..*", "use_rslora": true, "r": 9,
                 "lora_alpha": 3, "rank_pattern": {"1.mlp.c_proj": 2, "mlp\\\\.(down_proj|dense_4h_to_h)": 2},
                 "alpha_pattern": {"c_attn": 5, "q_proj": 5, "query_key_value": 5}}""");
        for (String module : base.matrices()) {
            if (module.contains(".1.")) {
                int rank = module.matches(".*mlp\\.(c_proj|down_proj|dense_4h_to_h)") ? 2 : 9;
                double alpha = module.matches(".*(c_attn|q_proj|query_key_value)") ? 5 : 3;
                adapter.update(module, rank, alpha / Math.sqrt(rank));
            }
        }
        assertMerged(base, merged, adapter.write(folder.resolve("adapter")));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void allLinearModules(String architecture) {
        TinyModel base = TinyModel.random(architecture, 5);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 6, ".other", "{\"target_modules\": \"all-linear\"}");
        base.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        assertMerged(base, merged, adapter.write(folder.resolve("adapter")));
    }

    @ParameterizedTest
    @CsvSource({"llama, 1, '\"layers\"'", "gpt2, '[1]', '[\"h\"]'", "gpt_neox, '[1, 7]', null"})
    void someLayers(String architecture, String layers, String pattern) {
        TinyModel base = TinyModel.random(architecture, 7);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(
                merged,
                8,
                "",
                "{\"target_modules\": " + listOfTargets(base) + ", \"layers_to_transform\": " + layers
                        + ", \"layers_pattern\": " + pattern + "}");
        base.matrices().stream()
                .filter(module -> isTarget(base, module) && module.contains(".1."))
                .forEach(module -> adapter.update(module, 4, 1.5));
        assertMerged(base, merged, adapter.write(folder.resolve("adapter")));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void embeddingsAHeadThatIsSavedAndBiases(String architecture) {
        String head = HEADS.get(architecture);
        String embeddings = EMBEDDINGS.get(architecture);
        TinyModel base =
                TinyModel.random(architecture, 9, "{\"tie_word_embeddings\": false, \"attention_bias\": true}");
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(
                merged,
                10,
                ".default",
                "{\"target_modules\": [\"" + embeddings + "\"], \"modules_to_save\": [\"" + head
                        + "\"], \"bias\": \"all\"}");
        adapter.updateEmbedding(embeddings, 4, 1.5).replace(head + ".weight", head + ".weight");
        String bias = base.matrices().get(0) + ".bias";
        String other = base.matrices().get(1) + ".bias";
        adapter.replace(bias, bias.replace(".bias", ".base_layer.bias")).replace(other, other);
        assertMerged(base, merged, adapter.write(folder.resolve("adapter")));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyModel.LLAMA, TinyModel.GPT2, TinyModel.GPT_NEOX})
    void whatIsTiedComesApart(String architecture) {
        String head = HEADS.get(architecture);
        String embeddings = EMBEDDINGS.get(architecture);
        TinyModel base = TinyModel.random(architecture, 11, "{\"tie_word_embeddings\": true}");
        Path written = base.write(folder.resolve("base"));

        TinyModel ofEmbeddings = base.untied(head + ".weight", embeddings + ".weight");
        TinyAdapter first = new TinyAdapter(ofEmbeddings, 12, "", "{\"target_modules\": [\"" + embeddings + "\"]}");
        first.updateEmbedding(embeddings, 4, 1.5);
        assertMerged(written, ofEmbeddings, first.write(folder.resolve("first")));

        TinyModel ofHead = base.untied(head + ".weight", embeddings + ".weight");
        TinyAdapter second = new TinyAdapter(ofHead, 13, "", "{\"target_modules\": [\"" + head + "\"]}");
        second.update(head, 4, 1.5);
        assertMerged(written, ofHead, second.write(folder.resolve("second")));

        TinyModel ofBoth = base.untied(head + ".weight", embeddings + ".weight");
        TinyAdapter third =
                new TinyAdapter(ofBoth, 14, "", "{\"target_modules\": [\"" + head + "\", \"" + embeddings + "\"]}");
        third.update(head, 4, 1.5).updateEmbedding(embeddings, 4, 1.5);
        assertMerged(written, ofBoth, third.write(folder.resolve("third")));

        TinyModel saved = base.untied(head + ".weight", embeddings + ".weight");
        TinyAdapter fourth = new TinyAdapter(saved, 15, "", "{\"modules_to_save\": [\"" + head + "\"]}");
        fourth.replace(head + ".weight", head + ".modules_to_save.default.weight");
        assertMerged(written, saved, fourth.write(folder.resolve("fourth")));
    }

    @Test
    void twoAdaptersAndTheirStrengths() {
        TinyModel base = TinyModel.random(TinyModel.LLAMA, 16);
        TinyModel merged = base.copy();
        String module = base.matrices().get(0);
        LoraAdapter first = new TinyAdapter(merged, 17, "", "{}")
                .update(module, 4, 1.5 * 0.5)
                .write(folder.resolve("first"), 0.5f);
        LoraAdapter second = new TinyAdapter(merged, 18, "", "{}")
                .update(module, 4, 1.5 * -2)
                .update(base.matrices().get(1), 4, 1.5 * -2)
                .write(folder.resolve("second"), -2);
        LoraAdapter none =
                new TinyAdapter(base.copy(), 19, "", "{}").update(module, 4, 1).write(folder.resolve("none"), 0);
        assertMerged(base, merged, first, second, none);
    }

    /** The file of the base is mapped, and its pages are what is merged into. */
    @Test
    void theBaseStaysAsItIs() throws Exception {
        TinyModel base = TinyModel.random(TinyModel.LLAMA, 20);
        Path written = base.write(folder.resolve("base"));
        byte[] before = Files.readAllBytes(written.resolve("model.safetensors"));
        float[] alone = TinyModel.logits(written);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 21, "", "{}");
        base.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        assertMerged(written, merged, adapter.write(folder.resolve("adapter")));
        assertThat(Files.readAllBytes(written.resolve("model.safetensors"))).isEqualTo(before);
        assertThat(TinyModel.logits(written)).isEqualTo(alone);
    }

    @ParameterizedTest
    @CsvSource({"bfloat16, 0.03f", "float16, 0.004f"})
    void roundsOnceInHalfPrecision(String dtype, float bound) {
        TinyModel base = TinyModel.random(TinyModel.LLAMA, 22);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 23, "", "{}");
        base.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        float[] expected = TinyModel.logits(merged.write(folder.resolve("merged")), dtype);
        float[] actual =
                TinyModel.logits(base.write(folder.resolve("base")), dtype, adapter.write(folder.resolve("a")));
        assertThat(actual).containsExactly(expected, Offset.offset(bound));
    }

    /** A base in bfloat16, merged in its own type, in place. */
    @Test
    void aBaseInHalfPrecision() {
        TinyModel base = TinyModel.random(TinyModel.LLAMA, 24);
        TinyFile halves = new TinyFile();
        for (String name : base.tensors().names()) {
            double[] values = base.weight(name);
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(Float.floatToIntBits((float) values[i]) & 0xffff0000);
            }
            halves.bfloat16(name, values, base.sizes(name));
        }
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 25, "", "{}");
        base.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        Path written = base.write(folder.resolve("base"), halves, "{}");
        LoraAdapter lora = adapter.write(folder.resolve("adapter"));
        assertMerged(written, merged, lora);
        float[] expected = TinyModel.logits(folder.resolve("merged"), "bfloat16");
        assertThat(TinyModel.logits(written, "auto", lora)).containsExactly(expected, Offset.offset(0.03f));
    }

    /** Files of PyTorch; in the base two matrices share a storage, and one lies in the order of its columns. */
    @Test
    void filesOfPyTorch() throws Exception {
        TinyModel base = TinyModel.random(TinyModel.LLAMA, 26);
        TinyModel merged = base.copy();
        TinyAdapter adapter = new TinyAdapter(merged, 27, "", "{}");
        base.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        LoraAdapter lora = adapter.write(folder.resolve("adapter"));
        Files.write(
                folder.resolve("adapter/adapter_model.bin"),
                adapter.file.torchSave().deflated());
        Files.delete(folder.resolve("adapter/adapter_model.safetensors"));

        TinyFile file = base.tensors();
        List<String> names = List.of("gate_proj", "up_proj", "down_proj");
        ByteBuffer both = ByteBuffer.allocate(2 * 96 * 64 * 4).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer columns = ByteBuffer.allocate(64 * 96 * 4).order(ByteOrder.LITTLE_ENDIAN);
        String mlp = "model.layers.0.mlp.";
        for (int i = 0; i < 96 * 64; i++) {
            both.putFloat(4 * i, (float) base.weight(mlp + "gate_proj.weight")[i]);
            both.putFloat(4 * (96 * 64 + i), (float) base.weight(mlp + "up_proj.weight")[i]);
            columns.putFloat(4 * (i % 96 * 64 + i / 96), (float) base.weight(mlp + "down_proj.weight")[i]);
        }
        names.forEach(name -> file.remove(mlp + name + ".weight"));
        TorchSave saved = file.torchSave()
                .storage("both", ElementType.F32, both.array())
                .storage("columns", ElementType.F32, columns.array())
                .tensor(mlp + "gate_proj.weight", "both", 0, List.of(96L, 64L), List.of(64L, 1L))
                .tensor(mlp + "up_proj.weight", "both", 96 * 64, List.of(96L, 64L), List.of(64L, 1L))
                .tensor(mlp + "down_proj.weight", "columns", 0, List.of(64L, 96L), List.of(1L, 64L));
        Path written = base.write(folder.resolve("base"));
        Files.delete(written.resolve("model.safetensors"));
        for (byte[] form : List.of(saved.zip(), saved.deflated(), saved.legacy(), saved.misaligned(2))) {
            Files.write(written.resolve("pytorch_model.bin"), form);
            assertMerged(written, merged, lora);
            assertThat(Files.readAllBytes(written.resolve("pytorch_model.bin"))).isEqualTo(form);
        }
    }
}
