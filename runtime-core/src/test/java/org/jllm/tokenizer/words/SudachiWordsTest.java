package org.jllm.tokenizer.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.worksap.nlp.sudachi.Config;
import com.worksap.nlp.sudachi.Morpheme;
import com.worksap.nlp.sudachi.PathAnchor;
import com.worksap.nlp.sudachi.Tokenizer.SplitMode;
import com.worksap.nlp.sudachi.dictionary.build.DicBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a dictionary of a few words. */
class SudachiWordsTest {
    private static final String MATRIX = "3 3\n0 0 0\n1 1 100\n1 2 -100\n2 1 -100\n2 2 200\n";

    private static final String LEXICON = """
            東京,1,1,1000,東京,名詞,固有名詞,地名,一般,*,*,トウキョウ,東京,*,A,*,*,*,*
            都,1,1,1000,都,名詞,普通名詞,一般,*,*,*,ト,都,*,A,*,*,*,*
            東京都,1,1,1000,東京都,名詞,固有名詞,地名,一般,*,*,トウキョウト,東京都,*,C,0/1,0/1,0/1,*
            すだち,1,1,1000,すだち,名詞,普通名詞,一般,*,*,*,スダチ,酢橘,*,A,*,*,*,*
            行っ,2,2,1000,行っ,動詞,非自立可能,*,*,五段-カ行,連用形-促音便,イッ,行く,5,A,*,*,*,*
            行く,2,2,1000,行く,動詞,非自立可能,*,*,五段-カ行,終止形-一般,イク,行く,*,A,*,*,*,*
            """;

    private static final String SETTINGS = """
            {"characterDefinitionFile": "char.def",
             "inputTextPlugin": [{"class": "com.worksap.nlp.sudachi.DefaultInputTextPlugin"}],
             "oovProviderPlugin": [{"class": "com.worksap.nlp.sudachi.SimpleOovProviderPlugin",
               "oovPOS": ["名詞", "普通名詞", "一般", "*", "*", "*"], "leftId": 1, "rightId": 1, "cost": 30000}]}
            """;

    @TempDir
    private static Path folder;

    private static Path file;

    @BeforeAll
    static void build() throws IOException {
        file = folder.resolve("system_tiny.dic");
        try (SeekableByteChannel out =
                Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            DicBuilder.system()
                    .matrix(new ByteArrayInputStream(MATRIX.getBytes(StandardCharsets.UTF_8)))
                    .lexicon(new ByteArrayInputStream(LEXICON.getBytes(StandardCharsets.UTF_8)))
                    .build(out);
        }
    }

    private static List<String> words(SplitMode mode, Function<Morpheme, String> form, String text) {
        return words(file, mode, form, text);
    }

    private static List<String> words(Path dictionary, SplitMode mode, Function<Morpheme, String> form, String text) {
        Config settings = Config.fromJsonString(SETTINGS, PathAnchor.classpath());
        try (SudachiWords sudachi = SudachiWords.open(dictionary, settings, mode, form)) {
            return sudachi.words(text);
        }
    }

    @Test
    void modesCutShortOrLong() {
        assertThat(words(SplitMode.A, WordForm.SURFACE::of, "東京都")).containsExactly("東京", "都");
        assertThat(words(SplitMode.C, WordForm.SURFACE::of, "東京都")).containsExactly("東京都");
        assertThat(words(SplitMode.C, WordForm.SURFACE::of, "")).isEmpty();
    }

    @Test
    void wordsAreWrittenInTheFormThatIsAskedFor() {
        String text = "すだち行っ";
        assertThat(words(SplitMode.C, WordForm.SURFACE::of, text)).containsExactly("すだち", "行っ");
        assertThat(words(SplitMode.C, WordForm.NORMALIZED::of, text)).containsExactly("酢橘", "行く");
        assertThat(words(SplitMode.C, WordForm.DICTIONARY::of, text)).containsExactly("すだち", "行く");
        assertThat(words(SplitMode.C, WordForm.READING::of, text)).containsExactly("スダチ", "イッ");
        assertThat(words(SplitMode.C, WordForm.NORMALIZED_AND_SURFACE::of, text))
                .containsExactly("酢橘", "行っ");
        assertThat(words(SplitMode.C, WordForm.DICTIONARY_AND_SURFACE::of, text))
                .containsExactly("すだち", "行っ");
        assertThat(words(SplitMode.C, WordForm.NORMALIZED_NOUNS::of, text)).containsExactly("酢橘", "行っ");
        assertThat(words(SplitMode.C, WordForm.SURFACE_HALF_ASCII::of, "Ａ")).containsExactly("A");
        assertThat(words(SplitMode.C, WordForm::partOfSpeech, text)).containsExactly("[名詞-普通名詞-一般]", "[動詞-非自立可能]");
        assertThat(WordForm.of("normalized_and_surface")).contains(WordForm.NORMALIZED_AND_SURFACE);
        assertThat(WordForm.of("normalized_conjugation")).isEmpty();
    }

    @Test
    void withoutADictionaryTheErrorSaysWhereToGetIt() {
        assertThatThrownBy(() -> SudachiWords.choose("core", "C", WordForm.SURFACE, WordOptions.none()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("system_core.dic")
                .hasMessageContaining("--sudachi-dictionary");
        WordOptions given = new WordOptions(null, null, file.toString(), "B", null);
        assertThat(SudachiWords.choose("core", "C", WordForm.SURFACE, given).text())
                .contains("mode B")
                .contains(file.toString());
    }

    @Test
    void damagedDictionariesAreErrors() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, 300, whole.length / 2}) {
            Path cut = Files.write(folder.resolve("cut.dic"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> words(cut, SplitMode.C, WordForm.SURFACE::of, "東京都"))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("cut.dic");
        }
        assertThatThrownBy(() -> words(folder.resolve("none"), SplitMode.C, WordForm.SURFACE::of, "東京都"))
                .hasMessageContaining("not there");
    }

    @Test
    void longerTextsThanSudachiTakesAreRefused() {
        assertThatThrownBy(() -> words(SplitMode.C, WordForm.SURFACE::of, "都".repeat(20_000)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("49149");
    }
}
