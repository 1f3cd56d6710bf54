package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jllm.checkpoint.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fields of {@code config.json} mean to the configuration classes, missing ones and other names too. */
class DecoderConfigTest {
    private static DecoderPlan plan(String type, String fields) {
        String json = "{\"model_type\": \"" + type + "\"" + (fields.isEmpty() ? "" : ", " + fields) + "}";
        ModelConfig config = ModelConfig.parse(json, "config.json");
        return Architectures.of(config).plan(config);
    }

    private static List<Long> shape(DecoderPlan plan, String name) {
        return plan.tensors().stream()
                .filter(tensor -> tensor.name().equals(name))
                .map(TensorSpec::shape)
                .findFirst()
                .orElse(List.of());
    }

    /** Vocabulary, width, layers, width of the MLP, context. */
    @ParameterizedTest
    @CsvSource({
        "gpt_neox, gpt_neox.embed_in, gpt_neox.layers.43.mlp.dense_h_to_4h, 50432, 6144, 44, 24576, 2048",
        "gpt_neox_japanese, gpt_neox.embed_in, gpt_neox.layers.31.mlp.dense_h_to_4h, 32000, 2560, 32, 10240, 2048",
        "gpt_neo, transformer.wte, transformer.h.23.mlp.c_fc, 50257, 2048, 24, 8192, 2048",
        "gptj, transformer.wte, transformer.h.27.mlp.fc_in, 50400, 4096, 28, 16384, 2048",
        "mpt, transformer.wte, transformer.blocks.23.ffn.up_proj, 50368, 2048, 24, 8192, 2048",
        "stablelm, model.embed_tokens, model.layers.31.mlp.up_proj, 50304, 2560, 32, 6912, 4096",
        "stablelm_epoch, model.embed_tokens, model.layers.31.mlp.up_proj, 50304, 2560, 32, 6912, 4096",
        "plamo, model.embed_tokens, model.layers.layers.31.mlp.up_proj, 32000, 4096, 32, 13312, 2048",
        "qwen, transformer.wte, transformer.h.31.mlp.w1, 151936, 4096, 32, 11008, 8192",
        "japanese-stablelm-alpha, transformer.embed_in, transformer.layers.31.mlp.packed_input_proj, 65536, 4096, 32, 22016, 2048"
    })
    void hasTheDefaultsOfItsClass(
            String type, String tokens, String mlp, long vocabulary, long hidden, int layers, long wide, int context) {
        DecoderPlan plan = plan(type, "");
        assertThat(shape(plan, tokens + ".weight")).containsExactly(vocabulary, hidden);
        assertThat(shape(plan, mlp + ".weight")).containsExactly(wide, hidden);
        assertThat(plan.integers()).containsEntry("layers", (long) layers);
        assertThat(plan.context()).isEqualTo(context);
    }

    @Test
    void gpt2StoresItsWeightsTheOtherWayRound() {
        DecoderPlan plan = plan("gpt2", "");
        assertThat(shape(plan, "transformer.h.11.attn.c_attn.weight")).containsExactly(768L, 2_304L);
        assertThat(shape(plan, "transformer.h.11.mlp.c_fc.weight")).containsExactly(768L, 3_072L);
        assertThat(shape(plan, "transformer.wpe.weight")).containsExactly(1_024L, 768L);
    }

    @ParameterizedTest
    @CsvSource({"gpt2, n_embd", "gptj, n_embd", "mpt, d_model", "qwen, n_embd"})
    void theUsualNamesGoBeforeTheOwn(String type, String own) {
        String more = "\"n_head\": 4, \"n_heads\": 4, \"rotary_dim\": 8, \"kv_channels\": 12, ";
        assertThat(plan(type, more + '"' + own + "\": 48").hiddenSize()).isEqualTo(48);
        assertThat(plan(type, more + '"' + own + "\": 64, \"hidden_size\": 48").hiddenSize())
                .isEqualTo(48);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt_neox, embed_out, false",
        "gpt_neox_japanese, embed_out, true",
        "gpt2, lm_head, true",
        "gpt_neo, lm_head, true",
        "gptj, lm_head, false",
        "mpt, lm_head, true",
        "stablelm, lm_head, false",
        "stablelm_epoch, lm_head, false",
        "plamo, lm_head, false",
        "qwen, lm_head, false",
        "japanese-stablelm-alpha, embed_out, false"
    })
    void tiesItsHeadAsItsClassDoes(String type, String head, boolean tied) {
        assertThat(shape(plan(type, ""), head + ".weight").isEmpty()).isEqualTo(tied);
        assertThat(shape(plan(type, "\"tie_word_embeddings\": true"), head + ".weight"))
                .isEmpty();
        assertThat(shape(plan(type, "\"tie_word_embeddings\": false"), head + ".weight"))
                .isNotEmpty();
    }

    @Test
    void rotaryFieldsOldAndNew() {
        assertThat(plan("gpt_neox", "").integers()).containsEntry("rotary_size", 24L);
        assertThat(plan("gpt_neox", "\"rotary_pct\": 0.5, \"rotary_emb_base\": 500")
                        .integers())
                .containsEntry("rotary_size", 48L);
        String parameters = "\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 4, \"rope_theta\": 500,"
                + " \"partial_rotary_factor\": 0.5}";
        DecoderPlan plan = plan("gpt_neox", parameters);
        assertThat(plan.integers()).containsEntry("rotary_size", 48L);
        assertThat(plan.numbers()).containsEntry("theta", 500.0).containsEntry("factor", 4.0);
        assertThat(plan("gpt_neox_japanese", "").integers()).containsEntry("rotary_size", 80L);
        assertThat(plan("stablelm", "\"partial_rotary_factor\": 0.5, \"rope_pct\": 1")
                        .integers())
                .containsEntry("rotary_size", 40L);
        assertThat(plan("stablelm_epoch", "\"partial_rotary_factor\": 0.5, \"rope_pct\": 1")
                        .integers())
                .containsEntry("rotary_size", 80L);
        assertThat(plan("stablelm_epoch", "\"norm_eps\": 0.5, \"layer_norm_eps\": 0.1")
                        .numbers())
                .containsEntry("epsilon", 0.5);
    }

    @Test
    void gptNeoAlternatesUnlessItsLayersAreListed() {
        assertThat(plan("gpt_neo", "").lists().get("windows")).hasSize(24).startsWith(0, 256, 0);
        String three = "\"num_layers\": 3, \"window_size\": 7, ";
        assertThat(plan("gpt_neo", three + "\"attention_types\": [[[\"local\"], 2], [[\"global\"], 1]]")
                        .lists()
                        .get("windows"))
                .containsExactly(7, 7, 0);
        assertThat(plan("gpt_neo", three + "\"attention_layers\": [\"local\", \"global\", \"local\"]")
                        .lists()
                        .get("windows"))
                .containsExactly(7, 0, 7);
    }

    @Test
    void plamoCountsItsKeyHeadsItself() {
        DecoderPlan plan = plan(
                "plamo",
                "\"hidden_size\": 5120, \"num_attention_heads\": 40, \"num_key_value_heads\": 40, \"n_shared_head\": 8");
        assertThat(plan.integers()).containsEntry("kv_heads", 5L);
        assertThat(shape(plan, "model.layers.layers.0.self_attn.k_proj.weight")).containsExactly(640L, 5_120L);
    }

    @Test
    void qwenKnowsTheNamesOfItsFirstRelease() {
        DecoderPlan plan = plan(
                "qwen",
                "\"n_embd\": 64, \"n_layer\": 2, \"n_head\": 4, \"kv_channels\": 16, \"n_positions\": 6144,"
                        + " \"ffn_hidden_size\": 100, \"seq_length\": 2048, \"padded_vocab_size\": 151936");
        assertThat(plan.context()).isEqualTo(2_048);
        assertThat(plan.longestContext()).isEqualTo(6_144);
        assertThat(shape(plan, "transformer.h.1.mlp.w2.weight")).containsExactly(50L, 64L);
        assertThat(plan("qwen", "\"seq_length\": 2048, \"use_dynamic_ntk\": false")
                        .longestContext())
                .isEqualTo(2_048);
    }
}
