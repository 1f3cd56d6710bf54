package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.junit.jupiter.api.Test;

/** What the fields of {@code config.json} mean to Transformers' configuration classes, missing and null ones too. */
class LlamaArchitectureTest {
    private static final String SMALL = "\"hidden_size\": 32, \"num_attention_heads\": 4, \"num_hidden_layers\": 3, ";

    private static DecoderPlan plan(String type, String fields) {
        String json = "{" + SMALL + "\"model_type\": \"" + type + "\"" + (fields.isEmpty() ? "" : ", " + fields) + "}";
        return new LlamaArchitecture().plan(ModelConfig.parse(json, "config.json"));
    }

    private static long[] windows(String type, String fields) {
        return plan(type, "\"num_key_value_heads\": 2" + (fields.isEmpty() ? "" : ", " + fields))
                .lists()
                .get("windows");
    }

    private static int keyHeads(DecoderPlan plan) {
        return ((CacheShape.KeysAndValues) plan.cache()).heads();
    }

    private static List<String> biases(DecoderPlan plan) {
        return plan.tensors().stream()
                .map(TensorSpec::name)
                .filter(name -> name.startsWith("model.layers.0.") && name.endsWith(".bias"))
                .map(name -> name.replaceAll("model\\.layers\\.0\\.\\w+\\.(\\w+)_proj\\.bias", "$1"))
                .toList();
    }

    @Test
    void mistralHasItsWindowInEveryLayerUnlessItIsNull() {
        assertThat(windows("mistral", "\"sliding_window\": 6")).containsExactly(6, 6, 6);
        assertThat(windows("mistral", "")).containsExactly(4096, 4096, 4096);
        assertThat(windows("mistral", "\"sliding_window\": null")).containsExactly(0, 0, 0);
    }

    @Test
    void qwen2HasAWindowOnlyWhereItIsUsed() {
        assertThat(windows("qwen2", "\"sliding_window\": 6")).containsExactly(0, 0, 0);
        assertThat(windows("qwen2", "\"sliding_window\": 6, \"use_sliding_window\": true, \"max_window_layers\": 1"))
                .containsExactly(0, 6, 6);
        assertThat(windows("qwen2", "\"sliding_window\": 6, \"use_sliding_window\": true"))
                .containsExactly(0, 0, 0);
    }

    @Test
    void layerTypesGoBeforeTheRule() {
        String types = "\"layer_types\": [\"sliding_attention\", \"full_attention\", \"sliding_attention\"]";
        String window = "\"sliding_window\": 6, \"max_window_layers\": 0, ";
        assertThat(windows("qwen2", window + "\"use_sliding_window\": true, " + types))
                .containsExactly(6, 0, 6);
        assertThat(windows("qwen2", window + types)).containsExactly(0, 0, 0);
        assertThat(windows("mistral", window + types)).containsExactly(6, 0, 6);
        assertThat(windows("llama", window + types)).containsExactly(0, 0, 0);
    }

    @Test
    void layerTypesThatDoNotFitAreAnError() {
        assertThatThrownBy(() -> plan("qwen2", "\"num_key_value_heads\": 2, \"layer_types\": [\"full_attention\"]"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("layer_types has 1 entries");
        assertThatThrownBy(() -> plan(
                        "qwen2",
                        "\"num_key_value_heads\": 2, \"layer_types\": [\"full_attention\", 3, \"full_attention\"]"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("layer_types must be a list of texts");
        assertThatThrownBy(() -> plan("qwen2", "\"num_key_value_heads\": 2, \"layer_types\": [\"a\", \"b\", \"c\"]"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void rotarySettingsAreReadFromBothForms() {
        String scaling = "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}";
        String parameters = "\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 4, \"rope_theta\": 500}";
        assertThat(plan("llama", "\"rope_theta\": 700, " + scaling).numbers())
                .containsEntry("theta", 700.0)
                .containsEntry("factor", 2.0);
        assertThat(plan("llama", parameters).numbers())
                .containsEntry("theta", 500.0)
                .containsEntry("factor", 4.0);
        assertThat(plan("llama", scaling + ", " + parameters).numbers()).containsEntry("factor", 2.0);
        assertThat(plan("llama", "\"rope_scaling\": {}, " + parameters).numbers())
                .containsEntry("factor", 4.0);
    }

    @Test
    void onlyLlamaKnowsTheFieldsForBiases() {
        String fields = "\"num_key_value_heads\": 2, \"attention_bias\": true, \"mlp_bias\": true";
        assertThat(biases(plan("llama", fields))).containsExactly("q", "k", "v", "o", "gate", "up", "down");
        assertThat(biases(plan("mistral", fields))).isEmpty();
        assertThat(biases(plan("qwen2", fields))).containsExactly("q", "k", "v");
    }

    @Test
    void keyHeadsThatAreNullAreAsManyAsHeads() {
        assertThat(Stream.of("llama", "mistral", "qwen2")
                        .map(type -> keyHeads(plan(type, "\"num_key_value_heads\": null"))))
                .containsExactly(4, 4, 4);
        assertThat(keyHeads(plan("llama", ""))).isEqualTo(4);
        assertThatThrownBy(() -> plan("mistral", ""))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("num_key_value_heads 8");
    }
}
