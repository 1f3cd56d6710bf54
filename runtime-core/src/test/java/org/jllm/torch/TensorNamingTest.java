package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of models without their head, and of older releases. */
class TensorNamingTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({
        "gpt2_default, transformer.",
        "gptneo_local, transformer.",
        "mpt_alibi, transformer.",
        "gptneox_tied, gpt_neox.",
        "gptneoxja_pct100, gpt_neox_japanese."
    })
    void theNamesMayLackTheirPrefix(String model, String prefix) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeHeader(
                folder,
                0,
                header -> names(header).stream()
                        .filter(name -> name.startsWith(prefix))
                        .forEach(name -> header.set(name.substring(prefix.length()), header.remove(name))));
        assertSame(folder, model);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2_default, transformer.h.0.attn.bias",
        "gpt2_default, transformer.h.1.attn.masked_bias",
        "gpt2_default, h.1.attn.masked_bias",
        "gpt2_default, lm_head.weight",
        "gptneo_local, transformer.h.1.attn.attention.bias",
        "gptneo_local, transformer.h.1.attn.attention.masked_bias",
        "gptj, transformer.h.0.attn.bias",
        "gptj, transformer.h.0.attn.masked_bias",
        "gptneox_tied, gpt_neox.layers.0.attention.bias",
        "gptneox_tied, gpt_neox.layers.0.attention.masked_bias",
        "gptneox_tied, gpt_neox.layers.1.attention.rotary_emb.inv_freq",
        "gptneox_tied, embed_out.weight",
        "gptneoxja_pct100, gpt_neox_japanese.layers.0.attention.rotary_emb.inv_freq",
        "stablelm_3b_style, model.layers.0.self_attn.rotary_emb.inv_freq",
        "plamo_tiled, model.layers.layers.0.self_attn.rotary_emb.inv_freq",
        "qwen_default, transformer.h.0.attn.masked_bias",
        "qwen_default, transformer.rotary_emb.inv_freq",
        "jslm_alpha_pct025, transformer.layers.0.attention.rotary_emb.scale"
    })
    void buffersOfOlderReleasesMeanNothing(String model, String name) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, header -> {
            ObjectNode entry = header.putObject(name).put("dtype", "F32");
            entry.putArray("shape").add(0);
            entry.putArray("data_offsets").add(0).add(0);
        });
        assertSame(folder, model);
    }

    @Test
    void twoNamesForOneTensorAreAnError() throws IOException {
        Path folder = GoldenModel.copy("gpt2_default", temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, header -> header.set("ln_f.weight", header.get("transformer.ln_f.bias")));
        GoldenModel.changeHeader(folder, 0, header -> header.remove("transformer.ln_f.bias"));
        assertThatThrownBy(() -> GoldenModel.logits(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("'transformer.ln_f.weight'")
                .hasMessageContaining("'ln_f.weight'")
                .hasMessageContaining("the same to the model");
    }

    private static List<String> names(ObjectNode header) {
        List<String> names = new ArrayList<>();
        header.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertSame(Path folder, String model) {
        assertThat(GoldenModel.logits(folder))
                .containsExactly(GoldenModel.logits(GoldenModel.folder(model)), within(1e-5f));
    }
}
