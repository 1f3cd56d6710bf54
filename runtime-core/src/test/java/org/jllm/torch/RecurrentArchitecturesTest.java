package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fields of {@code config.json} mean to the configuration classes of Mamba and RWKV, missing ones too. */
class RecurrentArchitecturesTest {
    @TempDir
    private Path temporary;

    private static DecoderPlan plan(String json) {
        ModelConfig config = ModelConfig.parse(json.replace('\'', '"'), "config.json");
        return Architectures.of(config).plan(config);
    }

    private static Map<String, String> shapes(DecoderPlan plan) {
        return plan.tensors().stream()
                .collect(Collectors.toMap(
                        TensorSpec::name,
                        tensor -> tensor.shape().toString(),
                        // A tied matrix has two specifications.
                        (table, head) -> table));
    }

    @Test
    void mambaHasTheDefaultsOfItsClass() {
        DecoderPlan plan = plan("{'model_type': 'mamba'}");
        assertThat(plan.cache()).isEqualTo(new CacheShape.RecurrentState(32, (3 + 16) * 1_536, 0));
        assertThat(shapes(plan))
                .containsEntry("backbone.embeddings.weight", "[50280, 768]")
                .containsEntry("backbone.layers.31.mixer.x_proj.weight", "[80, 1536]")
                .containsEntry("backbone.layers.31.mixer.conv1d.bias", "[1536]")
                .doesNotContainKeys("lm_head.weight", "backbone.layers.0.mixer.in_proj.bias");
        assertThat(plan.numbers()).containsEntry("epsilon", 1e-5);
        assertThat(plan.integers())
                .containsEntry("tied", 1L)
                .containsEntry("residual_in_float32", 1L)
                .containsEntry("activation", (long) Activation.SILU.ordinal());
    }

    @Test
    void mambaIsWhatItsFieldsSay() {
        DecoderPlan plan = plan("{'model_type': 'mamba', 'hidden_size': 40, 'expand': 3, 'state_size': 5,"
                + " 'conv_kernel': 1, 'time_step_rank': 'auto', 'use_bias': true, 'use_conv_bias': false,"
                + " 'tie_word_embeddings': false, 'residual_in_fp32': false, 'hidden_act': 'gelu',"
                + " 'num_hidden_layers': 1, 'vocab_size': 9}");
        assertThat(plan.cache()).isEqualTo(new CacheShape.RecurrentState(1, 5 * 120, 0));
        assertThat(shapes(plan))
                .containsEntry("backbone.layers.0.mixer.x_proj.weight", "[13, 120]")
                .containsEntry("backbone.layers.0.mixer.in_proj.bias", "[240]")
                .containsEntry("backbone.layers.0.mixer.out_proj.bias", "[40]")
                .containsEntry("lm_head.weight", "[9, 40]")
                .doesNotContainKey("backbone.layers.0.mixer.conv1d.bias");
        assertThat(plan.integers())
                .containsEntry("tied", 0L)
                .containsEntry("residual_in_float32", 0L)
                .containsEntry("activation", (long) Activation.GELU.ordinal());
        assertThat(plan("{'model_type': 'mamba', 'hidden_size': 40, 'intermediate_size': 100, 'num_hidden_layers': 1}")
                        .cache())
                .isEqualTo(new CacheShape.RecurrentState(1, 19 * 100, 0));
    }

    @ParameterizedTest
    @CsvSource({"50277, 8, 50280", "50280, 8, 50280", "101, 64, 128", "101, 1, 101"})
    void theOriginalMambaPadsItsVocabulary(int stated, int multiple, int vocabulary) {
        DecoderPlan plan = plan("{'d_model': 32, 'n_layer': 2, 'vocab_size': " + stated
                + ", 'pad_vocab_size_multiple': " + multiple + ", 'ssm_cfg': {'bias': true, 'd_conv': 3}}");
        assertThat(plan.vocabularySize()).isEqualTo(vocabulary);
        assertThat(shapes(plan))
                .containsEntry("backbone.layers.1.mixer.conv1d.weight", "[64, 1, 3]")
                .containsKey("backbone.layers.1.mixer.in_proj.bias");
    }

    @Test
    void theOriginalMambaMayHaveLayerNorms() {
        assertThat(shapes(plan("{'d_model': 32, 'n_layer': 1, 'rms_norm': false}")))
                .containsEntry("backbone.layers.0.norm.bias", "[32]")
                .containsEntry("backbone.norm_f.bias", "[32]");
    }

    @Test
    void rwkvHasTheDefaultsOfItsClass() {
        DecoderPlan plan = plan("{'model_type': 'rwkv', 'attention_hidden_size': null}");
        assertThat(plan.cache()).isEqualTo(new CacheShape.RecurrentState(32, 3 * 4_096, 4_096));
        assertThat(plan.context()).isEqualTo(1_024);
        assertThat(shapes(plan))
                .containsEntry("rwkv.embeddings.weight", "[50277, 4096]")
                .containsEntry("head.weight", "[50277, 4096]")
                .containsEntry("rwkv.blocks.31.feed_forward.key.weight", "[16384, 4096]")
                .doesNotContainKey("rwkv.blocks.1.pre_ln.weight");
        assertThat(plan.integers()).containsEntry("rescale_every", 6L);
    }

    @Test
    void rwkvIsWhatItsFieldsSay() {
        DecoderPlan plan = plan("{'model_type': 'rwkv', 'hidden_size': 32, 'attention_hidden_size': 48,"
                + " 'intermediate_size': 20, 'tie_word_embeddings': true, 'context_length': 77}");
        assertThat(plan.cache()).isEqualTo(new CacheShape.RecurrentState(32, 2 * 32 + 48, 48));
        assertThat(plan.context()).isEqualTo(77);
        assertThat(shapes(plan))
                .containsEntry("rwkv.blocks.0.attention.time_decay", "[48]")
                .containsEntry("rwkv.blocks.0.attention.key.weight", "[48, 32]")
                .containsEntry("rwkv.blocks.0.attention.output.weight", "[32, 48]")
                .containsEntry("rwkv.blocks.0.feed_forward.receptance.weight", "[32, 32]")
                .doesNotContainKey("head.weight");
    }

    @ParameterizedTest
    @CsvSource({
        "mamba, hidden_size, 0",
        "mamba, state_size, -1",
        "mamba, conv_kernel, 0",
        "mamba, expand, -2",
        "mamba, expand, 0",
        "mamba, time_step_rank, 'x'",
        "mamba, time_step_rank, 0",
        "mamba, intermediate_size, 99999999999",
        "mamba, vocab_size, -5",
        "mamba, num_hidden_layers, 1000000",
        "mamba, layer_norm_epsilon, -1",
        "mamba, use_bias, 1",
        "mamba, residual_in_fp32, 'yes'",
        "rwkv, hidden_size, 0",
        "rwkv, attention_hidden_size, -1",
        "rwkv, intermediate_size, 0",
        "rwkv, context_length, 0",
        "rwkv, num_hidden_layers, 0",
        "rwkv, rescale_every, 1.5",
        "rwkv, vocab_size, 'many'"
    })
    void whatMakesNoSenseIsRefused(String type, String field, String value) {
        assertThatThrownBy(() -> plan("{'model_type': '" + type + "', '" + field + "': "
                        + (value.matches("[a-z]+") ? "'" + value + "'" : value) + "}"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(field)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            mamba; vocab_size; 105; 'backbone.embeddings.weight' has shape [104, 32]
            mamba; state_size; 9; has shape
            mamba; conv_kernel; 3; 'backbone.layers.0.mixer.conv1d.weight' has shape [64, 1, 4]
            mamba; use_bias; true; lacks tensor 'backbone.layers.0.mixer.in_proj.bias'
            mamba; tie_word_embeddings; false; lacks tensor 'lm_head.weight'
            mamba; num_hidden_layers; 1; 'backbone.layers.1.
            mamba; hidden_act; 7; hidden_act must be a text
            rwkv4; vocab_size; 98; 'rwkv.embeddings.weight' has shape [97, 32]
            rwkv4; attention_hidden_size; 16; has shape
            rwkv4; intermediate_size; 64; 'rwkv.blocks.0.feed_forward.key.weight' has shape [128, 32]
            rwkv4; num_hidden_layers; 4; lacks tensor 'rwkv.blocks.3.
            """)
    void whatDoesNotFitTheFileIsRefused(String model, String field, String json, String part) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeConfig(folder, config -> config.putRawValue(field, new RawValue(json)));
        assertThatThrownBy(() -> GoldenModel.logits(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(part)
                .hasMessageNotContaining("\n");
    }

    @Test
    void otherKindsOfTheOriginalPackageAreNotSupported() {
        assertUnsupported("'d_intermediate': 64", "d_intermediate");
        assertUnsupported("'attn_layer_idx': [1]", "attn_layer_idx");
        assertUnsupported("'ssm_cfg': {'layer': 'Mamba2'}", "Mamba2");
    }

    private static void assertUnsupported(String field, String part) {
        assertThatThrownBy(() -> plan("{'d_model': 32, 'n_layer': 2, " + field + "}"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining(part);
    }

    @Test
    void aConfigurationOfNothingIsNotRecognized() {
        assertThatThrownBy(() -> plan("{'d_model': 32}"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("model_type is missing");
    }
}
