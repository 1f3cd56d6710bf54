package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a user over the catalogue of this version. */
class OverridesTest {
    private static final String ELYZA = "elyza/ELYZA-japanese-Llama-2-7b-instruct";

    @TempDir
    Path temp;

    private Path file(String name, String yaml) throws IOException {
        return Files.writeString(temp.resolve(name), yaml);
    }

    private Catalogue over(String yaml) throws IOException {
        return Catalogue.load(List.of(file("own.yaml", yaml)));
    }

    @Test
    void givenKeysTakePrecedenceAndTheOthersStay() throws IOException {
        Entry listed = Catalogue.load().find(ELYZA).orElseThrow();
        Entry entry = over("""
                models:
                  - id: elyza/elyza-japanese-llama-2-7B-instruct
                    aliases: [my-elyza]
                    context: 2048
                    template: plain
                    generation: {top_k: 5}
                    path: elyza
                """).find("my-elyza").orElseThrow();
        assertThat(entry.id()).isEqualTo(ELYZA);
        assertThat(entry.aliases()).containsExactly("elyza-7b-instruct", "my-elyza");
        assertThat(entry.context()).isEqualTo(2048);
        assertThat(entry.template()).isEqualTo(new TemplateChoice("plain", false, true));
        assertThat(entry.settings().generation().topK()).isEqualTo(5);
        assertThat(entry.settings().generation().temperature()).isZero();
        assertThat(entry.location()).isEqualTo(new Location.Folder(temp.resolve("elyza")));
        assertThat(entry.weights().availability()).isEqualTo(Weights.Availability.LOCAL);
        assertThat(entry.family()).isEqualTo(listed.family());
        assertThat(entry.license()).isEqualTo(listed.license());
        assertThat(entry.siblings()).isEqualTo(listed.siblings());
    }

    @Test
    void whatIsNotOverriddenIsNotTheUsers() throws IOException {
        Entry entry = over("models: [{id: " + ELYZA + ", generation: {temperature: 1}}]")
                .find(ELYZA)
                .orElseThrow();
        assertThat(entry.template()).isEqualTo(new TemplateChoice("elyza-llama2", false, false));
        assertThat(entry.settings().generation().temperature()).isOne();
    }

    @Test
    void newModelsComeLastAndMayNameTheLicensesOfTheCatalogue() throws IOException {
        Catalogue catalogue = over("""
                families:
                  - family: mine
                    section: own
                    developer: me
                    architecture: llama
                    tasks: [chat]
                    models:
                      - {id: my-model, size: 1b, path: m, license: mit, template: prompts/mine.jinja}
                """);
        Entry entry = catalogue.entries().get(catalogue.entries().size() - 1);
        assertThat(entry.id()).isEqualTo("my-model");
        assertThat(entry.license().commercial()).isEqualTo(License.Commercial.YES);
        assertThat(entry.template())
                .isEqualTo(new TemplateChoice(temp.resolve("prompts/mine.jinja").toString(), false, true));
        assertThat(entry.loader()).isEqualTo("transformers");
        assertThat(catalogue.entries()).hasSize(254);
    }

    @Test
    void theLaterFileStandsOverTheEarlier() throws IOException {
        Path first = file("a.yaml", "models: [{id: demo, context: 100, note: first}]");
        Path second = file("b.yaml", "models: [{id: demo, context: 50}]");
        Entry entry =
                Catalogue.load(List.of(first, second)).find("manpage-ja-6m").orElseThrow();
        assertThat(entry.context()).isEqualTo(50);
        assertThat(entry.note()).isEqualTo("first");
        assertThat(entry.location()).isInstanceOf(Location.Embedded.class);
    }

    @Test
    void weightsFromElsewhereAreNamedByPath() throws IOException {
        Catalogue listed = Catalogue.load();
        assertThat(listed.find("kyotounibert-base").orElseThrow().location())
                .isInstanceOfSatisfying(
                        Location.Elsewhere.class,
                        elsewhere ->
                                assertThat(elsewhere.advice()).contains("https://nlp.ist.i.kyoto-u.ac.jp", "Juman++"));
        Entry entry = over("models: [{id: kyotounibert-base, path: unpacked}]")
                .find("kyoto-bert-base")
                .orElseThrow();
        assertThat(entry.location()).isEqualTo(new Location.Folder(temp.resolve("unpacked")));
    }

    @Test
    void aNameThatAnotherModelHasIsAnErrorWithBothPlaces() throws IOException {
        String alias = """
                models:
                  - id: my/model
                    aliases: [ELYZA-7b-instruct]
                """;
        assertThatThrownBy(() -> over(alias))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageMatching(".*own.yaml:3: the id or alias ELYZA-7b-instruct is taken already by " + ELYZA
                        + ", at models.yaml:\\d+");
        assertThatThrownBy(() -> over("models: [{id: elyza-7b-instruct, path: x}]"))
                .hasMessageContaining("own.yaml:1: the id or alias elyza-7b-instruct is taken already by " + ELYZA);
        assertThatThrownBy(() -> over("models: [{id: x/y, aliases: [demo]}]")).hasMessageContaining("by demo, at");
        assertThatThrownBy(() -> over("models: [{id: demo}, {id: demo}]"))
                .hasMessageContaining("is taken already by demo, at " + temp.resolve("own.yaml") + ":1");
    }

    @Test
    void whatANewModelLacksIsAnErrorOfItsLine() throws IOException {
        assertThatThrownBy(() -> over("models:\n  - id: x/y\n"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageMatching(".*own.yaml:2: the key \\w+ is missing");
        assertThatThrownBy(() -> over("models:\n  - id: demo\n    sice: 1b\n"))
                .hasMessageEndingWith("own.yaml:3: unknown key 'sice' in a model; did you mean size?");
    }

    @Test
    void theUsersFileStandsWhereTheConfigurationDoes() throws IOException {
        Map<String, String> home = Map.of("HOME", temp.toString());
        assertThat(Catalogue.ofUser(home)).isEmpty();
        Path folder = Files.createDirectories(temp.resolve(".config/jllm"));
        Path file = Files.writeString(folder.resolve("models.yaml"), "");
        assertThat(Catalogue.ofUser(home)).contains(file);
        assertThat(Catalogue.ofUser(Map.of("HOME", "/nowhere", "XDG_CONFIG_HOME", temp + "/.config")))
                .contains(file);
    }

    @Test
    void theExampleOfTheDocumentationIsOne() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "catalogue.md"));
        String yaml = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```\n", page.indexOf("```yaml\n")));
        assertThat(over(yaml).find("my-model")).isPresent();
        assertThat(over(yaml).find("elyza").orElseThrow().id()).isEqualTo(ELYZA);
    }

    @Test
    void theDocumentationNamesEveryKey() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "catalogue.md"));
        assertThat(CatalogueKeys.MODEL).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
        assertThat(Task.keys()).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }
}
