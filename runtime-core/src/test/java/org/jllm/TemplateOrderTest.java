package org.jllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.LoadOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Flag, then the user's catalogue, then an entry that overrides, then the repository, then the entry. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TemplateOrderTest {
    @TempDir
    Path temp;

    private Path model;

    /** A model whose own files have a template. */
    @BeforeEach
    void copyTheDemo() throws IOException {
        Jllm jllm = Jllm.builder().withoutUserSettings().build();
        Path demo = jllm.files().locate(jllm.catalogue().resolve("demo"));
        model = Files.createDirectory(temp.resolve("model"));
        try (Stream<Path> files = Files.list(demo)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    private String entry(String template) {
        return """
                models:
                  - {id: m, family: f, section: s, developer: d, size: 6m, architecture: llama, tasks: [chat], license: l,
                     path: %s%s}
                """.formatted(model, template);
    }

    /** The template where jllm's own catalogue has one entry, and the user's another or none. */
    private String template(String listed, String own, JllmBuilder builder) throws IOException {
        Path builtIn = Files.writeString(temp.resolve("built-in.yaml"), entry(listed));
        System.setProperty("jllm.models", builtIn.toString());
        try {
            if (!own.isEmpty()) {
                builder.catalogue(Files.writeString(temp.resolve("own.yaml"), "models: [{id: m, " + own + "}]"));
            }
            return builder.withoutUserSettings().build().templateName("m").orElse("none");
        } finally {
            System.clearProperty("jllm.models");
        }
    }

    @Test
    void theRepositorysTemplateStandsOverTheEntrys() throws IOException {
        String repositorys = template("", "", Jllm.builder());
        assertThat(repositorys).isEqualTo("chat_template");
        assertThat(template(", template: llama-2", "", Jllm.builder())).isEqualTo(repositorys);
        assertThat(template(", template: llama-2", "context: 100", Jllm.builder()))
                .isEqualTo(repositorys);
    }

    @Test
    void withoutOneInTheRepositoryItIsTheEntrys() throws IOException {
        Files.writeString(model.resolve("tokenizer_config.json"), "{}");
        Files.deleteIfExists(model.resolve("chat_template.jinja"));
        assertThat(template(", template: llama-2", "", Jllm.builder())).isEqualTo("llama-2");
        assertThat(template("", "", Jllm.builder())).isEqualTo("none");
    }

    @Test
    void anEntryThatOverridesStandsOverTheRepository() throws IOException {
        assertThat(template(", template: {name: llama-2, override: true}", "", Jllm.builder()))
                .isEqualTo("llama-2");
        assertThat(template(", template: {name: llama-2, override: false}", "", Jllm.builder()))
                .isEqualTo("chat_template");
    }

    @Test
    void theUsersCatalogueStandsOverBoth() throws IOException {
        assertThat(template(", template: {name: llama-2, override: true}", "template: plain", Jllm.builder()))
                .isEqualTo("plain");
        Path broken = Files.writeString(temp.resolve("mine.jinja"), "{% if %}");
        assertThatThrownBy(() -> template("", "template: mine.jinja", Jllm.builder()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(broken.toString());
    }

    @Test
    void whatIsAskedForStandsOverAll() throws IOException {
        JllmBuilder asking = Jllm.builder()
                .load(LoadOptions.builder().chatTemplate("llama-2").build());
        assertThat(template(", template: {name: plain, override: true}", "template: plain", asking))
                .isEqualTo("llama-2");
    }
}
