package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.InvalidSettingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCatalogueTest {
    @TempDir
    Path temp;

    private Path file;
    private OwnCatalogue own;

    @BeforeEach
    void open() {
        own = OwnCatalogue.of(Map.of("XDG_CONFIG_HOME", temp.toString()));
        file = temp.resolve("jllm/models.yaml");
        assertThat(own.file()).isEqualTo(file);
    }

    private static Map<String, Object> model(String id) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("aliases", List.of(id + "-alias"));
        fields.put("family", "imported");
        fields.put("section", "own");
        fields.put("developer", "unknown");
        fields.put("size", "6m");
        fields.put("architecture", "llama");
        fields.put("tasks", List.of("chat"));
        fields.put("license", "unstated");
        fields.put("path", "/models/with: \"signs\" # と字");
        return fields;
    }

    private void write(String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void aFirstModelMakesTheFile() throws IOException {
        own.add(model("mine"));
        Entry entry = Catalogue.load(List.of(file)).find("mine-alias").orElseThrow();
        assertThat(entry.location()).isEqualTo(new Location.Folder(Path.of("/models/with: \"signs\" # と字")));
        assertThat(own.remove("MINE")).isTrue();
        assertThat(file).isEmptyFile();
        assertThat(own.remove("mine")).isFalse();
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void everyOtherLineStays() throws IOException {
        String text = """
                # my models
                models:

                # the demo
                - id: demo   # known
                  note: mine

                # licences
                licenses:
                  own: {name: Own}
                """;
        write(text);
        own.add(model("one"));
        own.add(model("two"));
        assertThat(Files.readString(file))
                .startsWith("# my models\nmodels:\n\n# the demo\n- id: demo   # known\n  note: mine\n- id: \"one\"\n")
                .endsWith("\n\n# licences\nlicenses:\n  own: {name: Own}\n");
        assertThat(Catalogue.load(List.of(file)).find("two")).isPresent();
        assertThat(own.remove("one")).isTrue();
        assertThat(own.remove("two")).isTrue();
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void aFileWithoutALineFeedAtItsEndIsExtended() throws IOException {
        write("models:\n  - id: demo\n    note: mine");
        own.add(model("one"));
        assertThat(Files.readString(file)).startsWith("models:\n  - id: demo\n    note: mine\n  - id: \"one\"\n");
    }

    @Test
    void whatWouldBeNoCatalogueIsNotWritten() throws IOException {
        write("models:\n- id: demo\n  note: mine\n");
        assertThatThrownBy(() -> own.add(model("DEMO")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is in " + file + " already");
        Map<String, Object> taken = model("other");
        taken.put("aliases", List.of("elyza-7b"));
        assertThatThrownBy(() -> own.add(taken))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("not written: " + file)
                .hasMessageContaining("elyza-7b is taken");
        assertThat(Files.readString(file)).isEqualTo("models:\n- id: demo\n  note: mine\n");
    }

    @Test
    void bracketsAreLeftToTheUser() throws IOException {
        write("models: [{id: demo, note: mine}]\n");
        assertThatThrownBy(() -> own.add(model("one")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(file + ":1")
                .hasMessageContaining("\"id\":\"one\"");
        assertThatThrownBy(() -> own.remove("demo")).hasMessageContaining("brackets");
    }
}
