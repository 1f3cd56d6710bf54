package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is the same, whether it is read alone or with all others. */
class FamilyTextsTest {
    private static final String TWO = """
            licenses:
              mit: {name: MIT, commercial: yes}
            families:
              - family: a
                models:
                  - id: One
              # Of b.
              - family: b

                models:
                  - id: two
                    aliases: [zwei]
            """;

    @Test
    void everyModelOfThisVersionIsFoundAlone() {
        Catalogue whole = Catalogue.load();
        for (Entry entry : whole.entries()) {
            Stream.concat(Stream.of(entry.id()), entry.aliases().stream()).forEach(name -> {
                assertThat(Catalogue.load().find(name)).as(name).contains(entry);
                assertThat(Catalogue.load().find(name.toUpperCase(Locale.ROOT))).contains(entry);
            });
        }
    }

    @Test
    void thisVersionIsCut() {
        FamilyTexts texts = BuiltInCatalogue.load().families().orElseThrow();
        assertThat(texts.families()).hasSizeGreaterThan(50);
        assertThat(texts.head() + String.join("", texts.families()))
                .isEqualTo(BuiltInCatalogue.load().text());
        assertThat(texts.with("manpage-ja-6m").orElseThrow()).hasSizeLessThan(10_000);
    }

    @Test
    void whatIsNoNameIsNotFound() {
        assertThat(Catalogue.load().find("no such model")).isEmpty();
        // Stands in the text, but is neither id nor alias.
        assertThat(Catalogue.load().find("embedded")).isEmpty();
        assertThat(Catalogue.load().find("")).isEmpty();
        assertThatThrownBy(() -> Catalogue.load().resolve("demoo"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("demo");
    }

    @Test
    void familiesAreCutAtTheirDashes() {
        FamilyTexts texts = FamilyTexts.of(TWO).orElseThrow();
        assertThat(texts.families()).hasSize(2);
        assertThat(texts.families().get(1)).startsWith("  - family: b").endsWith("[zwei]\n");
        assertThat(texts.with("one")).contains(texts.head() + texts.families().get(0));
        assertThat(texts.with("zwei")).contains(texts.head() + texts.families().get(1));
        assertThat(texts.with("family")).contains(TWO);
        assertThat(texts.with("three")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "families: []\n",
                "licenses: {}\nfamilies:\n  - family: a\nmodels: []\n",
                "licenses: {}\nfamilies:\n  - family: a\n   more: b\n",
                "licenses: {}\nfamilies:\n- family: a\n",
                "licenses: {}\nfamilies:\n  - family: &anchor a\n",
                "licenses: {}\nfamilies:\n  - family: \"\\x41\"\n",
            })
    void otherFormsAreReadWhole(String yaml) {
        assertThat(FamilyTexts.of(yaml)).isEmpty();
    }

    @Test
    void aFileThatWasChangedIsReadWhole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("models.yaml");
        String own = BuiltInCatalogue.load().text();
        System.setProperty("jllm.models", Files.writeString(file, own).toString());
        try {
            assertThat(Catalogue.load().find("demo")).isPresent();
            Files.writeString(file, own + "nonsense: 1\n");
            assertThat(BuiltInCatalogue.load().families()).isEmpty();
            assertThatThrownBy(() -> Catalogue.load(List.of()))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("nonsense");
        } finally {
            System.clearProperty("jllm.models");
        }
    }
}
