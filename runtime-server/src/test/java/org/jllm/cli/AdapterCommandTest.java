package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jllm.catalogue.Catalogue;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.hub.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters on the command line, for the embedded model. */
class AdapterCommandTest {
    private static final String QUESTION = "ls は何をするコマンドですか？";
    private static final String ANSWER = "ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。\n";

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome jllm(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                arguments);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** An adapter of rank 1 whose update of every value projection has this number everywhere. */
    private Path adapter(String name, float update, String base) throws IOException {
        Path adapter = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"target_modules\": [\"v_proj\"],"
                        + " \"base_model_name_or_path\": " + base + "}");
        List<Announced> tensors = new ArrayList<>();
        for (int layer = 0; layer < 6; layer++) {
            String module = "base_model.model.model.layers." + layer + ".self_attn.v_proj.lora_";
            tensors.add(new Announced(module + "A.weight", ElementType.F32, List.of(1L, 256L)));
            tensors.add(new Announced(module + "B.weight", ElementType.F32, List.of(128L, 1L)));
        }
        try (SafetensorsWriter writer =
                new SafetensorsWriter(adapter.resolve("adapter_model.safetensors"), tensors, Map.of())) {
            for (Announced tensor : tensors) {
                ByteBuffer bytes =
                        ByteBuffer.allocate((int) tensor.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining()) {
                    bytes.putFloat(tensor.name().contains("lora_A") ? 1 : update);
                }
                writer.write(tensor.name(), bytes.flip());
            }
            writer.finish();
        }
        return adapter;
    }

    @Test
    void runsOnItsBaseWithTheTokenizerOfThat() throws IOException {
        Path idle = adapter("idle", 0, "null");
        assertThat(jllm("run", idle.toString(), QUESTION, "--base", "demo")).isEqualTo(new Outcome(0, ANSWER, ""));
        Path loud = adapter("loud", 1, "\"demo\"");
        // The entry of the base alone says in which type it computes.
        Outcome named = jllm("run", loud.toString(), QUESTION, "--dtype", "float32");
        assertThat(named.code()).as(named.err()).isZero();
        assertThat(named.out()).isNotEqualTo(ANSWER);
        assertThat(jllm("run", "demo", QUESTION, "--lora", loud.toString(), "--dtype", "float32"))
                .isEqualTo(named);
        assertThat(jllm("run", loud.toString(), QUESTION, "--lora", idle.toString(), "--dtype", "float32"))
                .isEqualTo(named);
        assertThat(jllm("run", "demo", QUESTION, "--lora", loud + "=0").out()).isEqualTo(ANSWER);
    }

    @Test
    void theCatalogueKnowsTheBase() throws IOException {
        Path base = ModelFiles.ofUser().locate(Catalogue.load().resolve("demo"));
        Path adapter = adapter("a", 0, "\"/home/somebody/model\"");
        Path catalogue = folder.resolve("models.yaml");
        String shared = "    family: f\n    section: own\n    developer: me\n    size: 6m\n    architecture: llama\n"
                + "    tasks: [chat]\n    license: apache-2.0\n";
        Files.writeString(
                catalogue,
                "models:\n  - id: me/base\n" + shared + "    path: " + base + "\n  - id: me/adapter\n" + shared
                        + "    format: peft\n    adapter_base: me/base\n    path: " + adapter + "\n");
        assertThat(jllm("run", "me/adapter", QUESTION, "--catalogue", catalogue.toString()))
                .isEqualTo(new Outcome(0, ANSWER, ""));
        String shown =
                jllm("show", "me/adapter", "--catalogue", catalogue.toString()).out();
        assertThat(shown).containsPattern("adapter +LoRA of rank 1, alpha 1 for me/base\n");
    }

    @Test
    void withoutABaseItSaysWhatIsMissing() throws IOException {
        assertFailure(
                jllm("run", adapter("a", 0, "null").toString(), "x"), "is an adapter, and nothing says of which model");
        assertFailure(
                jllm("run", adapter("b", 0, "\"/home/somebody/model\"").toString(), "x"),
                "is an adapter for '/home/somebody/model', which is no model of the catalogue",
                "--base MODEL");
        assertFailure(
                jllm("run", adapter("c", 0, "\"nobody/nothing\"").toString(), "x"), "is an adapter for nobody/nothing");
        assertFailure(jllm("run", "demo", "x", "--base", "demo"), "demo is no adapter");
        Outcome shown = jllm("show", adapter("d", 0, "\"nobody/nothing\"").toString());
        assertThat(shown.code()).isZero();
        assertThat(shown.out()).containsPattern("adapter +LoRA of rank 1.* for nobody/nothing");
    }

    private static void assertFailure(Outcome outcome, String... parts) {
        assertThat(outcome.code()).isOne();
        assertThat(outcome.err()).contains(parts);
        assertThat(outcome.err().lines()).hasSize(1);
    }
}
