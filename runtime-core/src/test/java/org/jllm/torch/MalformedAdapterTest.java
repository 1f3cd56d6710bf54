package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jllm.api.LoraAdapter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of which something is wrong, or that are for another base. */
class MalformedAdapterTest {
    private static final String QUERY = "model.layers.0.self_attn.q_proj";
    private static final String A = "base_model.model." + QUERY + ".lora_A.weight";
    private static final String B = "base_model.model." + QUERY + ".lora_B.weight";

    @TempDir
    private Path folder;

    private final TinyModel model = TinyModel.random(TinyModel.LLAMA, 1);
    private Path base;

    @BeforeEach
    void writeBase() {
        base = model.write(folder.resolve("base"));
    }

    private TinyAdapter adapter(String config) {
        TinyAdapter adapter = new TinyAdapter(model.copy(), 2, "", config);
        model.matrices().stream()
                .filter(module -> module.endsWith("q_proj"))
                .forEach(module -> adapter.update(module, 4, 1));
        return adapter;
    }

    private void assertRefused(TinyAdapter adapter, String... parts) {
        LoraAdapter written = adapter.write(folder.resolve("adapter"));
        Refusals.assertRefused(() -> TinyModel.logits(base, written), parts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'r': 0} | r must be a whole number from 1 to 65536, not 0",
                "{'r': 5} | should have shape [5, 64] to change",
                "{'r': 1e9} | r must be",
                "{'r': null} | should have shape [8, 64]",
                "{'lora_alpha': NaN} | lora_alpha must be a number",
                "{'lora_alpha': 'much'} | lora_alpha must be a number",
                "{'lora_alpha': Infinity} | lora_alpha must be a number",
                "{'use_rslora': 1} | use_rslora must be true or false",
                "{'peft_type': 'LOHA'} | the kind of adapter 'LOHA' is not supported",
                "{'peft_type': 'IA3'} | 'IA3'",
                "{'peft_type': 'PROMPT_TUNING'} | 'PROMPT_TUNING'",
                "{'peft_type': 'ADALORA'} | 'ADALORA'",
                "{'peft_type': null} | peft_type is missing",
                "{'use_dora': true} | LoRA with use_dora is not supported",
                "{'lora_bias': true} | lora_bias",
                "{'layer_replication': [[0, 1]]} | layer_replication",
                "{'trainable_token_indices': [1]} | trainable_token_indices",
                "{'target_parameters': ['x']} | target_parameters",
                "{'init_lora_weights': 'pissa'} | begun as 'pissa', which changes the base",
                "{'rank_pattern': {'q_proj': 2.5}} | q_proj must be a whole number",
                "{'rank_pattern': {'1.self_attn.q_proj': 2}} | should have shape [2, 64]",
                "{'rank_pattern': {'(': 4}} | no regular expression that can be used",
                "{'rank_pattern': [1]} | rank_pattern must be an object",
                "{'target_modules': ['k_proj']} | 'model.layers.0.self_attn.q_proj', which is not among the target_modules",
                "{'target_modules': ['q_proj', 'k_proj']} | incomplete",
                "{'target_modules': 'q_proj'} | not among the target_modules",
                "{'target_modules': '(.*q_proj'} | no regular expression that can be used",
                "{'target_modules': '((.*)*)*x'} | takes too long to compare",
                "{'target_modules': [3]} | target_modules must be a list of texts",
                "{'modules_to_save': ['lm_head']} | 'lm_head' among modules_to_save, but there is no such tensor",
                "{'layers_to_transform': -1, 'target_modules': ['q_proj']} | layers_to_transform",
                "{'layers_to_transform': [0], 'target_modules': ['q_proj']} | not among the target_modules",
            })
    void aConfiguration(String fields, String problem) {
        assertRefused(adapter(fields.replace('\'', '"')), problem);
    }

    @Test
    void aFolderWithoutWeightsOrConfiguration() throws Exception {
        Refusals.assertRefused(() -> TinyModel.logits(base, new LoraAdapter(folder, 1)), "is no adapter");
        LoraAdapter written = adapter("{}").write(folder.resolve("adapter"));
        Files.delete(written.file().resolve("adapter_model.safetensors"));
        Refusals.assertRefused(() -> TinyModel.logits(base, written), "adapter_model.safetensors");
    }

    @Test
    void aTensorThatIsMissingOrOfAnotherShapeTypeOrName() {
        TinyAdapter half = adapter("{}");
        half.file.remove(B);
        assertRefused(half, "'" + A + "' of shape [4, 64]", "lacks its other half, lora_B");
        TinyAdapter swapped = adapter("{}");
        swapped.file.float32(A, new double[4 * 64], 64, 4);
        assertRefused(swapped, "'" + A + "' of shape [64, 4]", "should have shape [4, 64]");
        TinyAdapter whole = adapter("{}");
        whole.file.int32(A, new int[4 * 64], 4, 64);
        assertRefused(whole, "has the type I32");
        TinyAdapter foreign = adapter("{}");
        foreign.file.float32("x." + A, new double[4 * 64], 4, 64);
        assertRefused(foreign, "'x." + A + "'", "has no name that PEFT gives");
        TinyAdapter twice = adapter("{}");
        twice.file.float32(A.replace(".weight", ".default.weight"), new double[4 * 64], 4, 64);
        assertRefused(twice, "are for the same place");
        TinyAdapter magnitudes = adapter("{}");
        magnitudes.file.float32("base_model.model." + QUERY + ".lora_magnitude_vector", new double[64], 64);
        assertRefused(magnitudes, "belongs to a kind of adapter that is not supported");
        TinyAdapter norm = adapter("{}");
        norm.file.float32("base_model.model.model.norm.lora_A.weight", new double[4 * 64], 4, 64);
        norm.file.float32("base_model.model.model.norm.lora_B.weight", new double[4 * 64], 64, 4);
        assertRefused(norm, "is no matrix");
        TinyAdapter saved = adapter("{}");
        saved.file.float32("base_model.model.lm_head.weight", new double[102 * 64], 102, 64);
        assertRefused(saved, "should have shape [101, 64] to replace 'lm_head.weight'");
    }

    @Test
    void anAdapterForAnotherBaseIsToldByItsFirstTensor() {
        TinyModel wider = TinyModel.random(TinyModel.LLAMA, 3, "{\"hidden_size\": 128}");
        TinyAdapter forWider = new TinyAdapter(wider, 4, "", "{}");
        wider.matrices().forEach(module -> forWider.update(module, 4, 1));
        assertRefused(forWider, "does not fit this model", A, "of shape [4, 128]", "[64, 64]");

        TinyModel deeper = TinyModel.random(TinyModel.LLAMA, 5, "{\"num_hidden_layers\": 3}");
        TinyAdapter forDeeper = new TinyAdapter(deeper, 6, "", "{}");
        deeper.matrices().forEach(module -> forDeeper.update(module, 4, 1));
        assertRefused(forDeeper, "does not fit this model", "model.layers.2.", "which the model does not have");

        TinyModel flatter = TinyModel.random(TinyModel.LLAMA, 7, "{\"num_hidden_layers\": 1}");
        TinyAdapter forFlatter = new TinyAdapter(flatter, 8, "", "{\"target_modules\": [\"q_proj\"]}");
        forFlatter.update(QUERY, 4, 1);
        assertRefused(forFlatter, "does not fit this model", "'model.layers.1.self_attn.q_proj'");

        TinyModel other = TinyModel.random(TinyModel.GPT_NEOX, 9);
        TinyAdapter forOther = new TinyAdapter(other, 10, "", "{}");
        other.matrices().forEach(module -> forOther.update(module, 4, 1));
        assertRefused(forOther, "does not fit this model", "gpt_neox.layers.0.attention.query_key_value");
    }

    @Test
    void aStrengthForWhatHasNone() {
        TinyAdapter saved = new TinyAdapter(model.copy(), 11, "", "{}").replace("lm_head.weight", "lm_head.weight");
        LoraAdapter written = saved.write(folder.resolve("adapter"), 0.5f);
        Refusals.assertRefused(() -> TinyModel.logits(base, written), "its scale can only be 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void spoiledFilesAreRefusedOrWork(int seed) throws Exception {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            TinyAdapter adapter =
                    adapter("{\"target_modules\": [\"q_proj\"], \"rank_pattern\": {}, \"alpha_pattern\": {},"
                            + " \"use_dora\": false, \"init_lora_weights\": true, \"layers_to_transform\": null}");
            String what = random.nextBoolean() ? Refusals.spoil(adapter.file, List.of(A, B), random) : "configuration";
            LoraAdapter written = adapter.write(folder.resolve("adapter"));
            if (what.equals("configuration")) {
                what = Refusals.spoiled(adapter.config.toString(), random);
                Files.writeString(written.file().resolve("adapter_config.json"), what);
            }
            refused += Refusals.isRefusedOrWorks(() -> TinyModel.logits(base, written), what) ? 1 : 0;
        }
        assertThat(refused).isBetween(20, 59);
    }
}
