package org.jllm.tokenizer.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.mecab.TinyDictionary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MecabChooserTest {
    private static final WordOptions NOTHING = WordOptions.none();

    @TempDir
    private Path folder;

    private MecabChooser chooser() {
        return new MecabChooser(new MecabPlaces(List.of(folder.resolve("dic"))), List.of(folder.resolve("mecabrc")));
    }

    private static WordOptions given(Path dictionary) {
        return new WordOptions(dictionary.toString(), null, null, null, null);
    }

    @Test
    void theUsersDictionaryComesFirst() {
        Path own = TinyDictionary.write(folder.resolve("own"));
        MecabOption option =
                new MecabOption(TinyDictionary.write(folder.resolve("named")).toString(), List.of(), null);
        TinyDictionary.write(folder.resolve("dic/ipadic"));
        AnalyserChoice choice = chooser().choose(MecabDictionaryKind.IPADIC, option, given(own));
        assertThat(choice.text()).contains(own.toString()).contains("mecab_dictionary");
        try (Analyser analyser = choice.open()) {
            assertThat(analyser.words("東京都には")).containsExactly("東京", "都", "に", "は");
        }
    }

    @Test
    void thenTheOneThatTheModelNamesWhereItIs() {
        Path named = TinyDictionary.write(folder.resolve("named"));
        Path installed = TinyDictionary.write(folder.resolve("dic/ipadic-utf8"));
        MecabOption there = MecabOption.parse("-d " + named);
        assertThat(chooser().choose(MecabDictionaryKind.IPADIC, there, NOTHING).text())
                .contains(named.toString())
                .contains("mecab_option");
        MecabOption away = MecabOption.parse("-d /nowhere/at/all");
        assertThat(chooser().choose(MecabDictionaryKind.IPADIC, away, NOTHING).text())
                .contains(installed.toString())
                .contains("/nowhere/at/all");
        assertThatThrownBy(() -> chooser().choose(null, away, NOTHING))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("/nowhere/at/all")
                .hasMessageContaining("--mecab-dictionary");
    }

    @Test
    void anotherReleaseOfUnidicDoesNotStandIn() {
        Path three = TinyDictionary.write(folder.resolve("dic/unidic"));
        assertThat(chooser()
                        .choose(MecabDictionaryKind.UNIDIC, MecabOption.none(), NOTHING)
                        .text())
                .contains(three.toString());
        assertThat(chooser()
                        .choose(MecabDictionaryKind.UNIDIC_LITE, MecabOption.none(), NOTHING)
                        .text())
                .contains("kuromoji")
                .contains("stands in");
    }

    @Test
    void dataThatJllmBringsStandsInWhereItCan() {
        AnalyserChoice choice = chooser().choose(MecabDictionaryKind.IPADIC, MecabOption.none(), NOTHING);
        assertThat(choice.text()).contains("kuromoji").contains("stands in");
        try (Analyser analyser = choice.open()) {
            assertThat(analyser.words("すもももももももものうち")).containsExactly("すもも", "も", "もも", "も", "もも", "の", "うち");
        }
        for (MecabDictionaryKind kind : List.of(MecabDictionaryKind.UNIDIC, MecabDictionaryKind.JUMANDIC)) {
            assertThatThrownBy(() -> chooser().choose(kind, MecabOption.none(), NOTHING))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("install")
                    .hasMessageContaining("--mecab-dictionary");
        }
    }

    @Test
    void mecabsOwnSettingsNameOneWhereNothingElseDoes() throws IOException {
        assertThatThrownBy(() -> chooser().choose(null, MecabOption.none(), NOTHING))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("mecabrc");
        TinyDictionary.write(folder.resolve("mine"));
        Files.writeString(folder.resolve("mecabrc"), "; a comment\n dicdir = $(rcpath)/mine \n");
        assertThat(chooser().choose(null, MecabOption.none(), NOTHING).text())
                .contains(folder.resolve("mine").toString())
                .contains("mecabrc");
    }

    @Test
    void userDictionariesHaveToBeThereAndCompiled() throws IOException {
        Path own = TinyDictionary.write(folder.resolve("own"));
        Path csv = Files.writeString(folder.resolve("user.csv"), "東京都,1,1,0\n");
        assertThatThrownBy(() -> choose(own, csv)).hasMessageContaining("mecab-dict-index");
        assertThatThrownBy(() -> choose(own, folder.resolve("none.dic"))).hasMessageContaining("none.dic");
        assertThatThrownBy(() -> chooser()
                        .choose(
                                MecabDictionaryKind.IPADIC,
                                MecabOption.none(),
                                new WordOptions(
                                        null, List.of(own.resolve("sys.dic").toString()), null, null, null)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("mecab-ipadic-utf8");
    }

    private AnalyserChoice choose(Path dictionary, Path user) {
        return chooser()
                .choose(
                        null,
                        MecabOption.none(),
                        new WordOptions(dictionary.toString(), List.of(user.toString()), null, null, null));
    }

    @Test
    void optionsOfMecabAreRead() {
        assertThat(MecabOption.parse("-d /a -u b,c")).isEqualTo(new MecabOption("/a", List.of("b", "c"), null));
        assertThat(MecabOption.parse("--dicdir=\"/a b\" -rrc")).isEqualTo(new MecabOption("/a b", List.of(), "rc"));
        assertThat(MecabOption.parse("")).isEqualTo(MecabOption.none());
        assertThatThrownBy(() -> MecabOption.parse("-d /a -O wakati"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("-O");
        assertThatThrownBy(() -> MecabOption.parse("-d")).hasMessageContaining("without a value");
    }

    @Test
    void environmentsOfPythonAreUsualPlaces() {
        Path environment = folder.resolve("venv");
        Path dictionary = TinyDictionary.write(environment.resolve("lib/python3.11/site-packages/unidic/dicdir"));
        MecabPlaces places = MecabPlaces.usual(Map.of("VIRTUAL_ENV", environment.toString()));
        assertThat(places.folders()).contains(dictionary.getParent().getParent());
        assertThat(new MecabPlaces(List.of(dictionary.getParent().getParent())).find(MecabDictionaryKind.UNIDIC))
                .contains(dictionary);
    }
}
