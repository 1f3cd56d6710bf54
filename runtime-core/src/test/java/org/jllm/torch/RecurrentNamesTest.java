package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same weights under the other names that there are for them. */
class RecurrentNamesTest {
    @TempDir
    private Path temporary;

    private Path renamed(String model, UnaryOperator<String> names) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeHeader(folder, 0, header -> rename(header, names));
        return folder;
    }

    private static void rename(ObjectNode header, UnaryOperator<String> names) {
        List<String> old = new ArrayList<>();
        header.fieldNames().forEachRemaining(old::add);
        old.remove("__metadata__");
        old.forEach(name -> header.set(names.apply(name), header.remove(name)));
    }

    private static void assertSame(Path folder, String model) {
        assertThat(GoldenModel.logits(folder)).containsExactly(GoldenModel.logits(GoldenModel.folder(model)));
    }

    @Test
    void rwkvAsInItsPthFiles() throws IOException {
        assertSame(renamed("rwkv4", RecurrentNamesTest::pthName), "rwkv4");
    }

    @Test
    void rwkvWithoutAConfiguration() throws IOException {
        // rescale_every is the default 6 there, which says the same of three layers as 6 here.
        Path folder = renamed("rwkv4_intermediate", RecurrentNamesTest::pthName);
        GoldenModel.changeConfig(folder, config -> config.put("layer_norm_epsilon", 1e-5));
        float[] configured = GoldenModel.logits(folder);
        Files.delete(folder.resolve("config.json"));
        assertThat(GoldenModel.logits(folder)).containsExactly(configured);
        assertThat(new TransformersLoader().describe(folder).context()).isEqualTo(4_096);
    }

    private static String pthName(String name) {
        return name.replaceFirst("^rwkv\\.embeddings\\.", "emb.")
                .replaceFirst("^rwkv\\.", "")
                .replace("pre_ln", "ln0")
                .replace("attention", "att")
                .replace("feed_forward", "ffn")
                .replaceFirst("(time_mix_[kvr])[a-z]+", "$1");
    }

    @Test
    void mambaOfTheOriginalPackage() throws IOException {
        Path folder = renamed("mamba", name -> name.replace("embeddings", "embedding"));
        Files.writeString(
                folder.resolve("config.json"),
                "{\"d_model\": 32, \"n_layer\": 2, \"vocab_size\": 97, \"ssm_cfg\": {\"d_state\": 8, \"dt_rank\": 2}}");
        assertSame(folder, "mamba");
    }

    @Test
    void mambaWithoutItsHead() throws IOException {
        assertSame(renamed("mamba_bias", name -> name.substring("backbone.".length())), "mamba_bias");
    }
}
