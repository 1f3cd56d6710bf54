package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of which one field or one tensor is wrong. */
class MalformedModelTest {
    private static final String ATTENTION = "model.layers.1.self_attn.q_proj.weight";

    @TempDir
    private Path temporary;

    @AfterAll
    static void theEngineStillRuns() {
        assertThat(GoldenModel.logits(GoldenModel.folder("llama_mha"))).doesNotContain(Float.NaN);
    }

    /** A field of the configuration and its new value; null removes it. */
    private static Arguments bad(String field, @Nullable String json, String... parts) {
        return arguments(InvalidModelException.class, field, json, List.of(parts));
    }

    private static Arguments unsupported(String field, String json, String... parts) {
        return arguments(UnsupportedModelException.class, field, json, List.of(parts));
    }

    static Stream<Arguments> configurations() {
        return Stream.of(
                bad("model_type", null, "model_type is missing"),
                bad("model_type", "null", "model_type is missing"),
                bad("model_type", "\"\"", "model_type is missing"),
                bad("model_type", "7", "model_type must be a text, not 7"),
                unsupported("model_type", "\"lama\"", "model_type 'lama'", "known are", "llama"),
                unsupported("model_type", "\"Llama\"", "model_type 'Llama'", "known are", "llama"),
                unsupported("model_type", "\"a\\nb\\u001b[2J\"", "model_type 'a b [2J'"),
                bad("num_attention_heads", "0", "num_attention_heads", "from 1", "not 0"),
                bad("num_attention_heads", "-4", "num_attention_heads", "from 1", "not -4"),
                bad("num_attention_heads", "3", "num_attention_heads 3", "num_key_value_heads 4"),
                bad("num_attention_heads", "12", "hidden_size 32", "num_attention_heads 12"),
                bad("num_attention_heads", "4.5", "num_attention_heads", "a whole number", "not 4.5"),
                bad("num_attention_heads", "99999999999", "num_attention_heads", "a whole number", "99999999999"),
                bad("num_key_value_heads", "3", "num_attention_heads 4", "num_key_value_heads 3"),
                bad("num_key_value_heads", "0", "num_key_value_heads", "not 0"),
                bad("num_key_value_heads", "2", "k_proj.weight", "[32, 32]", "[16, 32]"),
                bad("num_hidden_layers", "-1", "num_hidden_layers", "not -1"),
                bad("num_hidden_layers", "0", "num_hidden_layers", "not 0"),
                bad("num_hidden_layers", "1000000000", "num_hidden_layers", "not 1000000000"),
                bad("num_hidden_layers", "3", "lacks tensor 'model.layers.2.", "of shape"),
                bad("num_hidden_layers", "1", "'model.layers.1.", "has no place"),
                bad("hidden_size", "\"32\"", "hidden_size", "a whole number", "not \"32\""),
                bad("hidden_size", "64", "'model.embed_tokens.weight'", "[97, 32]", "[97, 64]"),
                bad("hidden_size", "[]", "hidden_size", "not []"),
                bad("intermediate_size", "57", "mlp.gate_proj.weight", "[56, 32]", "[57, 32]"),
                bad("intermediate_size", "0", "intermediate_size", "not 0"),
                bad("vocab_size", "98", "'model.embed_tokens.weight'", "[97, 32]", "[98, 32]"),
                bad("vocab_size", null, "'model.embed_tokens.weight'", "[97, 32]", "[32000, 32]"),
                bad("vocab_size", "true", "vocab_size", "not true"),
                bad("head_dim", "7", "7", "even"),
                bad("head_dim", "0", "head_dim", "not 0"),
                bad("head_dim", "16", "q_proj.weight", "[32, 32]", "[64, 32]"),
                bad("max_position_embeddings", "0", "max_position_embeddings", "not 0"),
                bad("max_position_embeddings", "-1", "max_position_embeddings", "not -1"),
                bad("attention_bias", "true", "lacks tensor 'model.layers.0.self_attn.q_proj.bias' of shape [32]"),
                bad("attention_bias", "\"no\"", "attention_bias must be true or false, not \"no\""),
                bad("mlp_bias", "true", "lacks tensor 'model.layers.0.mlp.gate_proj.bias' of shape [56]"),
                bad("tie_word_embeddings", "0", "tie_word_embeddings must be true or false, not 0"),
                bad("hidden_act", "1", "hidden_act must be a text"),
                unsupported("hidden_act", "\"silly\"", "activation", "'silly'", "silu"),
                bad("rms_norm_eps", "\"1e-5\"", "rms_norm_eps", "a number", "\"1e-5\""),
                bad("rms_norm_eps", "-1", "rms_norm_eps", "not -1"),
                bad("rms_norm_eps", "NaN", "rms_norm_eps", "NaN"),
                bad("rope_theta", "0", "rope_theta", "not 0"),
                bad("rope_theta", "Infinity", "rope_theta", "Infinity"),
                bad("rope_scaling", "\"linear\"", "rope_scaling must be an object"),
                bad("rope_scaling", "{\"type\":\"linear\",\"factor\":0}", "rope_scaling", "factor", "not 0"),
                bad("rope_scaling", "{\"type\":\"linear\"}", "rope_scaling", "factor"),
                bad("rope_scaling", "{\"type\":2}", "rope_scaling", "type must be a text, not 2"),
                unsupported(
                        "rope_scaling", "{\"type\":\"spiral\",\"factor\":2}", "rope_scaling", "'spiral'", "linear"));
    }

    @ParameterizedTest(name = "{1} = {2}")
    @MethodSource("configurations")
    void aConfigurationIsRefused(Class<?> type, String field, String json, List<String> parts) throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        if (json == null) {
            GoldenModel.changeConfig(folder, config -> config.remove(field));
        } else {
            GoldenModel.changeConfig(folder, config -> config.putRawValue(field, raw(json)));
        }
        assertRefused(folder, type, parts);
    }

    private static RawValue raw(String json) {
        return new RawValue(json);
    }

    private static void assertRefused(Path folder, Class<?> type, List<String> parts) {
        Throwable error = catchThrowable(() -> GoldenModel.logits(folder));
        assertThat(error).isInstanceOf(type).isInstanceOf(JllmException.class);
        assertThat(error.getMessage())
                .contains(parts)
                .hasSizeLessThan(1_500)
                .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @Test
    void aTiedModelWhoseConfigurationSaysOtherwise() throws IOException {
        Path folder = GoldenModel.copy("llama_tied", temporary.resolve("model"));
        GoldenModel.changeConfig(folder, config -> config.put("tie_word_embeddings", false));
        assertRefused(folder, InvalidModelException.class, List.of("lacks tensor 'lm_head.weight' of shape [97, 32]"));
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                change(
                        "missing",
                        header -> rename(header, ATTENTION, "other"),
                        "lacks tensor '" + ATTENTION,
                        "[32, 32]"),
                change(
                        "a line break in its name",
                        header -> rename(header, "model.norm.weight", "a\nb"),
                        "lacks",
                        "norm"),
                change(
                        "extra",
                        header -> add(header, "model.layers.1.extra"),
                        "'model.layers.1.extra'",
                        "[0]",
                        "no place"),
                change("extra, with a line break", header -> add(header, "a\nb"), "'a b'", "no place"),
                change("another shape", header -> shape(header, 16, 64), ATTENTION, "[16, 64]", "[32, 32]"),
                change("another rank", header -> shape(header, 1_024), ATTENTION, "[1024]", "[32, 32]"),
                change("one dimension more", header -> shape(header, 1, 32, 32), ATTENTION, "[1, 32, 32]", "[32, 32]"));
    }

    private static Arguments change(String what, Consumer<ObjectNode> change, String... parts) {
        return arguments(what, change, List.of(parts));
    }

    private static void rename(ObjectNode header, String from, String to) {
        header.set(to, header.remove(from));
    }

    private static void add(ObjectNode header, String name) {
        header.set(name, new ObjectMapper().createObjectNode().put("dtype", "F32"));
        ObjectNode entry = (ObjectNode) header.get(name);
        entry.putArray("shape").add(0);
        entry.putArray("data_offsets").add(0).add(0);
    }

    private static void shape(ObjectNode header, int... sizes) {
        var shape = ((ObjectNode) header.get(ATTENTION)).putArray("shape");
        for (int size : sizes) {
            shape.add(size);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tensors")
    void aTensorIsRefused(String what, Consumer<ObjectNode> change, List<String> parts) throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, change);
        assertRefused(folder, InvalidModelException.class, parts);
    }
}
