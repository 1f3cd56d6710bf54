package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model whose tensors have the names of other years gives the same logits. */
class OldNamesTest {
    @TempDir
    private Path temporary;

    /** The kernels round differently where weights lie differently in memory. */
    private static void assertSameLogits(Path folder) {
        assertThat(GoldenModel.logits(folder))
                .containsExactly(GoldenModel.logits(GoldenModel.folder("llama_mha")), within(1e-5f));
    }

    static Stream<Arguments> renamings() {
        UnaryOperator<String> gamma = name -> name.replaceFirst("norm\\.weight$", "norm.gamma");
        UnaryOperator<String> bare = name -> name.replaceFirst("^model\\.", "");
        UnaryOperator<String> parallel = name -> "module." + name;
        return Stream.of(
                arguments("gamma", gamma),
                arguments("without the base model's prefix", bare),
                arguments("DataParallel", parallel),
                arguments("a wrapper around all", (UnaryOperator<String>) name -> "network." + name),
                arguments(
                        "all at once", (UnaryOperator<String>) name -> parallel.apply(bare.apply(gamma.apply(name)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("renamings")
    void sameLogits(String what, UnaryOperator<String> renaming) throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, header -> {
            for (String name : names(header)) {
                JsonNode entry = header.remove(name);
                header.set(renaming.apply(name), entry);
            }
        });
        assertSameLogits(folder);
    }

    private static List<String> names(ObjectNode header) {
        List<String> names = new ArrayList<>();
        header.fieldNames().forEachRemaining(names::add);
        names.remove("__metadata__");
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.0.self_attn.rotary_emb.inv_freq, true",
        "rotary_emb.inv_freq, true",
        "transformer.h.0.attn.bias, true",
        "h.0.attn.masked_bias, true",
        "transformer.h.0.attn.attention.bias, true",
        "gpt_neox.layers.0.attention.bias, true",
        "bert.embeddings.position_ids, true",
        "model.layers.0.attn.c_attn.bias, false",
        "model.layers.0.self_attn.q_proj.bias, false",
        "h.0.attn.bias.weight, false",
        "position_embeddings.weight, false"
    })
    void whatIsComputed(String name, boolean computed) {
        assertThat(OldNames.isComputed(name)).isEqualTo(computed);
    }

    /** Parts of a packed weight, which no plan lists, are renamed with the module that they belong to. */
    @Test
    void whatLiesBesideAWeightGoesWithIt() {
        OldNames names = new OldNames(
                List.of("model.layers.0.mlp.up_proj.weight", "model.norm.weight", "lm_head.weight"),
                List.of("module.layers.0.mlp.up_proj.qweight", "module.norm.weight"));
        assertThat(names.apply("module.layers.0.mlp.up_proj.qweight")).isEqualTo("model.layers.0.mlp.up_proj.qweight");
        assertThat(names.apply("layers.0.mlp.bias")).isEqualTo("model.layers.0.mlp.bias");
        assertThat(names.apply("module.lm_head.weight")).isEqualTo("lm_head.weight");
        assertThat(names.apply("something.else")).isEqualTo("something.else");
    }

    @Test
    void oldBuffersAreLeftOut() throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, header -> {
            empty(header, "model.layers.0.self_attn.rotary_emb.inv_freq");
            empty(header, "module.model.layers.0.attention.masked_bias");
        });
        assertSameLogits(folder);
    }

    @Test
    void twoOldNamesOfOneTensor() throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, header -> {
            header.set("norm.gamma", header.remove("model.norm.weight"));
            empty(header, "norm.weight");
        });
        assertThatThrownBy(() -> GoldenModel.logits(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("'norm.gamma'")
                .hasMessageContaining("'norm.weight'")
                .hasMessageContaining("are the same to the model");
    }

    private static void empty(ObjectNode header, String name) {
        ObjectNode entry = header.putObject(name).put("dtype", "F32");
        entry.putArray("shape").add(0);
        entry.putArray("data_offsets").add(0).add(0);
    }
}
