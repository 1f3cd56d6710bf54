package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
    private static final String TWO_FAMILIES = """
            families:
              - family: ELYZA
                section: generative-continual
                developer: ELYZA
                architecture: llama
                loader: transformers
                tasks: [chat]
                license: {name: Llama 2, link: "https://example.com/llama"}
                template: llama-2
                context: 4096
                system: あなたは誠実なアシスタントです。
                generation: {temperature: 0.5, top_k: 40}
                models:
                  - id: elyza/ELYZA-japanese-Llama-2-7b-instruct
                    aliases: [elyza-7b-instruct]
                    size: 7b
                    gguf: someone/ELYZA-7b-GGUF
                    generation: {temperature: 0.2, stop: ["###", "\\n\\n"]}
                    load: {dtype: bf16, cache_bytes: 4GiB}
                  - id: elyza/ELYZA-japanese-Llama-2-13b
                    size: 13b
                    gguf: models/elyza-13b.gguf
                    tasks: [completion]
                    context: 2048
                    system: ""
              - family: local
                section: own
                developer: me
                architecture: llama
                loader: gguf
                size: 1b
                tasks: [chat]
                license: none
                models:
                  - {id: my-file, path: models/a.GGUF}
                  - {id: my-folder, path: models/b, loader: transformers}
                  - {id: other-name, repository: org/name}
            """;

    @TempDir
    Path temp;

    private final Catalogue catalogue = Catalogue.parse(TWO_FAMILIES, "test.yaml");

    private Entry entry(String name) {
        return catalogue.find(name).orElseThrow();
    }

    @Test
    void anEntryMayNameItsSiblingInGguf() {
        ModelSource hub = catalogue.resolve("elyza-7b-instruct");
        assertThat(hub.on("gguf").location()).isEqualTo(new Location.Repository("someone/ELYZA-7b-GGUF"));
        assertThat(hub.on("transformers").location())
                .isEqualTo(new Location.Repository("elyza/ELYZA-japanese-Llama-2-7b-instruct"));
        assertThat(catalogue
                        .resolve("elyza/ELYZA-japanese-Llama-2-13b")
                        .on("gguf")
                        .location())
                .isEqualTo(new Location.File(Path.of("models/elyza-13b.gguf")));
        assertThat(catalogue.resolve("other-name").on("gguf").location())
                .isEqualTo(new Location.Repository("org/name"));
    }

    @Test
    void builtInCatalogueKnowsTheDemo() {
        Entry demo = Catalogue.load().find("manpage-ja-6m").orElseThrow();
        assertThat(demo.id()).isEqualTo("demo");
        assertThat(demo.loader()).isEqualTo("transformers");
        assertThat(demo.location()).isEqualTo(new Location.Embedded("manpage-ja-6m"));
        assertThat(demo.settings().generation().temperature()).isEqualTo(0.0);
        assertThat(demo.settings().load().dtype()).isEqualTo("float32");
    }

    @Test
    void familyGivesWhatTheModelDoesNotSay() {
        Entry small = entry("elyza-7b-instruct");
        assertThat(small.family()).isEqualTo("ELYZA");
        assertThat(small.size().text()).isEqualTo("7b");
        assertThat(small.tasks()).containsExactly(Task.CHAT);
        assertThat(small.license())
                .isEqualTo(new License("Llama 2", "https://example.com/llama", License.Commercial.UNKNOWN, false));
        assertThat(small.template()).isEqualTo(new TemplateChoice("llama-2", false, false));
        assertThat(small.context()).isEqualTo(4096);
        assertThat(small.location()).isEqualTo(new Location.Repository("elyza/ELYZA-japanese-Llama-2-7b-instruct"));
        Entry large = entry("elyza/elyza-japanese-llama-2-13b");
        assertThat(large.tasks()).containsExactly(Task.COMPLETION);
        assertThat(large.context()).isEqualTo(2048);
        assertThat(large.aliases()).isEmpty();
    }

    @Test
    void settingsOfModelAndFamilyMergeKeyByKey() {
        Settings small = entry("elyza-7b-instruct").settings();
        assertThat(small.generation().temperature()).isEqualTo(0.2);
        assertThat(small.generation().topK()).isEqualTo(40);
        assertThat(small.generation().stop()).containsExactly("###", "\n\n");
        assertThat(small.load().dtype()).isEqualTo("bfloat16");
        assertThat(small.load().cacheBytes()).isEqualTo(4L << 30);
        assertThat(small.system()).isEqualTo("あなたは誠実なアシスタントです。");
        Settings large = entry("elyza/ELYZA-japanese-Llama-2-13b").settings();
        assertThat(large.generation().temperature()).isEqualTo(0.5);
        assertThat(large.system()).isEmpty();
    }

    @Test
    void locationsFollowTheirKeys() throws IOException {
        assertThat(entry("other-name").location()).isEqualTo(new Location.Repository("org/name"));
        Path file = Files.writeString(temp.resolve("models.yaml"), TWO_FAMILIES);
        Catalogue inFile = Catalogue.only(file);
        assertThat(inFile.find("my-file").orElseThrow().location())
                .isEqualTo(new Location.File(temp.resolve("models/a.GGUF")));
        assertThat(inFile.find("my-folder").orElseThrow().location())
                .isEqualTo(new Location.Folder(temp.resolve("models/b")));
        assertThat(inFile.entries()).extracting(Entry::id).endsWith("my-file", "my-folder", "other-name");
    }

    @ParameterizedTest
    @CsvSource({"elyza-7b-instruct", "ELYZA-7B-INSTRUCT", "elyza/elyza-japanese-llama-2-7B-Instruct"})
    void idsAndAliasesHaveNoCase(String name) {
        ModelSource source = catalogue.resolve(name);
        assertThat(source.name()).isEqualTo("elyza/ELYZA-japanese-Llama-2-7b-instruct");
        assertThat(source.entry()).isEqualTo(entry("elyza-7b-instruct"));
        assertThat(source.loader()).isEqualTo("transformers");
        assertThat(source.settings().generation().topK()).isEqualTo(40);
    }

    @Test
    void foldersAndFilesAreModels() throws IOException {
        Files.writeString(temp.resolve("config.json"), "{}");
        assertThat(catalogue.resolve(temp.toString()))
                .isEqualTo(new ModelSource(temp.toString(), null, new Location.Folder(temp), "transformers"));
        Path gguf = Files.writeString(temp.resolve("日本 語.gguf"), "");
        assertThat(catalogue.resolve(gguf.toString()))
                .isEqualTo(new ModelSource(gguf.toString(), null, new Location.File(gguf), "gguf"));
        assertThat(catalogue.resolve(gguf.toString()).settings()).isEqualTo(Settings.none());
    }

    @Test
    void aPthFileNeedsNoConfiguration() throws IOException {
        Files.writeString(temp.resolve("RWKV-4-World-7B.pth"), "");
        assertThat(catalogue.resolve(temp.toString()).loader()).isEqualTo("transformers");
    }

    @Test
    void pathsThatAreNoModelSayWhatTheyLack() throws IOException {
        assertThatThrownBy(() -> catalogue.resolve(temp.toString()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessage("the folder " + temp
                        + " has no config.json: a model is a folder in Hugging Face layout, or a .gguf file");
        Path gguf = Files.writeString(temp.resolve("a.gguf"), "");
        assertThatThrownBy(() -> catalogue.resolve(temp.toString())).hasMessageEndingWith("name it: " + gguf);
        Path text = Files.writeString(temp.resolve("a.txt"), "");
        assertThatThrownBy(() -> catalogue.resolve(text.toString()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessage(
                        text + " is no model: a model is a folder with a config.json, a .gguf file or an .onnx file");
        Path missing = temp.resolve("missing");
        assertThatThrownBy(() -> catalogue.resolve(missing.toString()))
                .hasMessage("there is no folder or file " + missing);
        assertThatThrownBy(() -> catalogue.resolve("missing.gguf"))
                .hasMessage("there is no folder or file missing.gguf");
    }

    @ParameterizedTest
    @CsvSource({
        "elyza-7b-instrcut, elyza-7b-instruct",
        "elyza-7b, elyza-7b-instruct",
        "otehr-name, other-name",
        "ELYZA-japanese-Llama-2-13b, elyza/ELYZA-japanese-Llama-2-13b",
    })
    void mistypedNameGetsTheNearest(String typed, String meant) {
        assertThatThrownBy(() -> catalogue.resolve(typed))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("'" + typed + "'")
                .hasMessageContaining("did you mean")
                .hasMessageContaining(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x\0y", "a\nb", "/no\nsuch", "完全に別のもの"})
    void nonsenseIsNoModel(String name) {
        assertThatThrownBy(() -> catalogue.resolve(name))
                .isInstanceOf(ModelNotFoundException.class)
                .message()
                .hasLineCount(1)
                .doesNotContain("did you mean");
    }

    @Test
    void emptyCatalogueHasNoModels() {
        assertThat(Catalogue.parse("", "x").entries()).isEqualTo(List.of());
        assertThat(Catalogue.parse("# nothing\n", "x").entries()).isEmpty();
    }

    @Test
    void fileThatIsMissingOrNoTextIsNamed() throws IOException {
        Path missing = temp.resolve("missing.yaml");
        assertThatThrownBy(() -> Catalogue.only(missing))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(missing.toString());
        Path binary = Files.write(temp.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatThrownBy(() -> Catalogue.only(binary))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("UTF-8");
    }
}
