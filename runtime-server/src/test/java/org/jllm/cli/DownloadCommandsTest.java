package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jllm.catalogue.Catalogue;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.checkpoint.pack.PackRequest;
import org.jllm.checkpoint.pack.PackWriter;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.LocalHub;
import org.jllm.hub.ModelFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that download, as processes of their own: what they do depends on their environment. */
class DownloadCommandsTest {
    private static final String ID = "elyza/ELYZA-japanese-Llama-2-7b-instruct";
    private static final String QUESTION = "ls は何をするコマンドですか？";

    @TempDir
    Path temp;

    private LocalHub hub;

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        Path demo = ModelFiles.ofUser().locate(Catalogue.load().resolve("demo"));
        hub = LocalHub.start().offer(ID, demo);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Outcome jllm(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("HOME", temp.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("GOMP_SPINCOUNT", "10000");
        builder.environment().put("JLLM_CACHE", CacheFolder.ofUser().root().toString());
        builder.environment().put("HF_ENDPOINT", hub.address());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void aPulledModelAnswersWithTheTemplateOfTheCatalogue() throws Exception {
        Outcome pulled = jllm(Map.of(), "pull", "elyza-7b-instruct");
        assertThat(pulled.err())
                .startsWith(ID + ": licence Llama 2 Community License (commercial use under conditions), https://")
                .contains("downloading " + ID + ": ")
                .endsWith(ID + " is complete\n");
        assertThat(pulled.code()).isZero();
        Path snapshot = Path.of(pulled.out().strip());
        assertThat(snapshot).startsWith(temp.resolve(".cache/huggingface/hub")).isDirectory();
        Outcome again = jllm(Map.of(), "pull", "elyza-7b-instruct");
        assertThat(again).isEqualTo(new Outcome(0, pulled.out(), ""));
        hub.close();
        Outcome shown = jllm(Map.of("HF_HUB_OFFLINE", "1"), "show", "elyza-7b-instruct", "--json");
        assertThat(shown.out()).contains("\"state\" : \"local\"");
        Outcome run = jllm(Map.of(), "run", "elyza-7b-instruct", QUESTION, "--max-tokens", "4");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isNotBlank();
        assertThat(jllm(Map.of(), "cache").out()).contains(ID);
        assertThat(jllm(Map.of(), "rm", "elyza-7b-instruct").err()).contains(ID + " is deleted, ");
        assertThat(snapshot).doesNotExist();
    }

    private static void pack(Path cache, Path model) {
        PackRequest request = new PackRequest(
                model,
                "int8",
                "a recipe",
                Set.of(model.resolve("model.safetensors")),
                List.of(new Announced("numbers", ElementType.U8, List.of(5_000L))));
        PackFolder packs = PackFolder.at(cache.resolve(PackFolder.NAME), null);
        try (PackWriter writer = packs.content(request).flatMap(packs::begin).orElseThrow()) {
            writer.write("numbers", List.of());
            writer.finish();
        }
    }

    @Test
    void packedMatricesAreShownAndGoWithTheirModel() throws Exception {
        Path cache = temp.resolve("cache");
        Map<String, String> environment = Map.of("JLLM_CACHE", cache.toString());
        Path pulled =
                Path.of(jllm(environment, "pull", "elyza-7b-instruct").out().strip());
        Path own = Files.createDirectories(temp.resolve("own"));
        Files.writeString(own.resolve("config.json"), "{}");
        Files.writeString(own.resolve("model.safetensors"), "numbers");
        pack(cache, pulled);
        pack(cache, own);
        String shown = jllm(environment, "cache").out();
        assertThat(shown)
                .contains("packed matrices in " + cache.resolve("packs"))
                .containsPattern("KiB  " + ID + " \\(int8\\)\n")
                .containsPattern("KiB  " + own + " \\(int8\\)\n")
                .doesNotContainPattern("B  packs\n");
        assertThat(jllm(environment, "cache", "--json").out())
                .contains("\"model\" : \"" + ID + "\"")
                .contains("\"form\" : \"int8\"")
                .contains("\"obsolete\" : false");
        assertThat(jllm(environment, "rm", "elyza-7b-instruct").code()).isZero();
        assertThat(jllm(environment, "cache").out()).doesNotContain(ID).contains(own.toString());

        Files.writeString(own.resolve("model.safetensors"), "others");
        assertThat(jllm(environment, "cache").out()).contains(own + " (int8) (the model has changed or is gone");
        pack(cache, own);
        assertThat(jllm(environment, "cache", "prune", "--dry-run").out()).isEmpty();
        Outcome dry = jllm(environment, "cache", "prune", "--packs", "--dry-run");
        assertThat(dry.out()).contains(cache.resolve("packs").toString());
        assertThat(dry.err()).contains("KiB would be free");
        Outcome removed = jllm(environment, "rm", own.toString());
        assertThat(removed.code()).isZero();
        assertThat(removed.err()).contains("packed matrices of " + own + " are deleted, ");
        assertThat(jllm(environment, "rm", own.toString()).code()).isOne();
        pack(cache, own);
        assertThat(jllm(environment, "cache", "prune", "--packs").err()).contains("KiB are free");
        assertThat(jllm(environment, "cache").out()).doesNotContain(own.toString());
        assertThat(own.resolve("model.safetensors")).exists();
    }

    @Test
    void aModelIsDownloadedOnFirstUseUnlessThatIsForbidden() throws Exception {
        Outcome refused = jllm(Map.of("JLLM_OFFLINE", "true"), "run", "elyza-7b-instruct", QUESTION);
        assertThat(refused.code()).isOne();
        assertThat(refused.err().lines()).hasSize(1);
        assertThat(refused.err()).contains(ID + " is not on this machine, and downloads are off");
        Outcome run = jllm(Map.of(), "run", "elyza-7b-instruct", QUESTION, "--max-tokens", "4");
        assertThat(run.code()).isZero();
        assertThat(run.out()).isNotBlank();
        assertThat(run.err()).contains("downloading " + ID);
    }

    @Test
    void mistakesAreOneLine() throws Exception {
        Outcome missing = jllm(Map.of(), "pull", "elyza-7b");
        assertThat(missing.code()).isOne();
        assertThat(missing.err().lines().toList())
                .last()
                .asString()
                .startsWith("jllm: there is no repository elyza/ELYZA-japanese-Llama-2-7b at " + hub.address());
        Outcome engine = jllm(Map.of(), "pull", "demo", "--engine", "abacus");
        assertThat(engine.code()).isEqualTo(2);
        assertThat(jllm(Map.of("HF_TOKEN", "hf secret"), "pull", "demo").err())
                .contains("HF_TOKEN")
                .doesNotContain("secret");
        assertThat(jllm(Map.of(), "rm", "demo").err()).contains("a part of jllm");
        assertThat(jllm(Map.of(), "rm", "elyza-7b").err()).contains("nothing of elyza/ELYZA-japanese-Llama-2-7b");
        assertThat(jllm(Map.of(), "pull", "demo@v1").err()).contains("has no revisions");
    }

    @Test
    void anImportedModelGoesByItsNameUntilItIsTakenOut() throws Exception {
        Path demo = ModelFiles.ofUser().locate(Catalogue.load().resolve("demo"));
        Outcome imported = jllm(Map.of(), "import", demo.toString(), "--id", "mine", "--alias", "m");
        assertThat(imported.err()).startsWith("mine is in " + temp.resolve(".config/jllm/models.yaml"));
        assertThat(imported.code()).isZero();
        assertThat(jllm(Map.of(), "run", "m", QUESTION, "--temperature", "0", "--max-tokens", "3")
                        .out())
                .startsWith("ls は");
        assertThat(jllm(Map.of(), "import", demo.toString(), "--id", "mine").err())
                .contains("is in", "already");
        assertThat(jllm(Map.of(), "import", temp.toString()).code()).isOne();
        assertThat(jllm(Map.of(), "rm", "mine").err()).contains("its files stay where they are");
        assertThat(jllm(Map.of(), "run", "mine", QUESTION).err()).contains("no model goes by the name 'mine'");
        assertThat(demo.resolve("config.json")).exists();
        // A listed model that stands somewhere else already.
        jllm(Map.of(), "import", demo.toString(), "--id", "elyza-7b-instruct");
        assertThat(jllm(Map.of(), "show", ID, "--json").out()).contains("\"state\" : \"local\"");
        assertThat(hub.address()).isNotEmpty();
    }

    @Test
    void theEmbeddedModelAsksNobody() throws Exception {
        Map<String, String> nowhere = Map.of(
                "HF_ENDPOINT",
                "http://127.0.0.1:1",
                "https_proxy",
                "http://127.0.0.1:1",
                "http_proxy",
                "http://127.0.0.1:1");
        Outcome run = jllm(nowhere, "run", "demo", QUESTION);
        assertThat(run).isEqualTo(new Outcome(0, "ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。\n", ""));
    }
}
