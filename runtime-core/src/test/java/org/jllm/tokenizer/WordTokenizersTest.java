package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.mecab.TinyDictionary;
import org.jllm.tokenizer.words.Analyser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordTokenizersTest {
    private static final String MECAB =
            "{'tokenizer_class': 'BertJapaneseTokenizer', 'word_tokenizer_type': 'mecab'%s}";
    private static final WordOptions SEGMENTED = new WordOptions(null, null, null, null, true);

    @TempDir
    private Path folder;

    private WordOptions dictionary = WordOptions.none();

    @BeforeEach
    void write() throws IOException {
        dictionary = new WordOptions(TinyDictionary.write(folder.resolve("dic")).toString(), null, null, null, null);
        Files.write(
                folder.resolve("vocab.txt"),
                List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "東京", "都", "に", "は", "abc", "ａ"));
    }

    private List<String> tokens(String config, String kind, WordOptions words, String text) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), config.replace('\'', '"'));
        try (Tokenizer tokenizer = Tokenizers.choose(folder, kind, words).load()) {
            return Arrays.stream(tokenizer.encode(text, false))
                    .mapToObj(tokenizer::token)
                    .toList();
        }
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<String> words(String config, WordOptions options, String text, Set<String> whole) {
        BertSubwords.WordTokenizer words = WordTokenizers.create(
                json(config), options, json(config).path("do_lower_case").asBoolean(), Set.of("AB"));
        return words.words(text, whole);
    }

    @Test
    void mecabsWordsAreCutIntoSubwords() throws IOException {
        assertThat(tokens(MECAB.formatted(""), null, dictionary, "東京都には")).containsExactly("東京", "都", "に", "は");
        // NFKC first.
        assertThat(tokens(MECAB.formatted(""), null, dictionary, "ａｂｃに")).containsExactly("abc", "に");
        String raw = MECAB.formatted(", 'mecab_kwargs': {'normalize_text': false}");
        assertThat(tokens(raw, null, dictionary, "[MASK]東京")).containsExactly("[MASK]", "東京");
    }

    @Test
    void caseGoesAfterTheWordsAreCutButNotOfThoseThatStayWhole() {
        String lower = MECAB.formatted(", 'do_lower_case': true");
        assertThat(words(lower, SEGMENTED, "ABC AB Abc XY", Set.of("XY"))).containsExactly("abc", "AB", "abc", "XY");
        assertThat(words(MECAB.formatted(""), SEGMENTED, "ABC", Set.of())).containsExactly("ABC");
    }

    @Test
    void textThatIsCutAlreadyNeedsNoAnalyser() throws IOException {
        for (String type : List.of("mecab", "jumanpp", "sudachi")) {
            String config = MECAB.formatted("").replace("'mecab'", "'" + type + "'");
            assertThat(tokens(config, null, SEGMENTED, "東京 都 には")).as(type).containsExactly("東京", "都", "[UNK]");
        }
    }

    @Test
    void whiteSpaceIsTrimmedWhereAsked() {
        AnalysedWords.Before before = new AnalysedWords.Before(false, false, true);
        Analyser analyser = text -> List.of("\u3000", " " + text + " ");
        assertThat(new AnalysedWords(analyser, before, false, true, Set.of()).words(" a ", Set.of()))
                .containsExactly("a");
        assertThat(new AnalysedWords(analyser, before, false, false, Set.of()).words(" a ", Set.of()))
                .containsExactly("\u3000", " a ");
    }

    @Test
    void halfWidthBecomesFullWidth() {
        assertThat(FullWidth.of("a 1!ｶﾞ｡漢")).isEqualTo("ａ\u3000１！ガ。漢");
    }

    @Test
    void kindsOfTheCatalogueSayWhichAnalyserTheFilesNeed() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bert\"}");
        assertThat(tokens("{}", "bert-mecab-ipadic-wordpiece", dictionary, "東京都には"))
                .containsExactly("東京", "都", "に", "は");
        assertThat(tokens("{}", "bert-mecab-ipadic-char", dictionary, "都には")).containsExactly("都", "に", "は");
        assertThat(tokens("{}", "mecab-jumandic-wordpiece", dictionary, "a")).containsExactly("ａ");
        assertThat(Tokenizers.choose(folder, "bert-mecab-ipadic-wordpiece", dictionary)
                        .text())
                .contains("BertJapaneseTokenizer over vocab.txt")
                .contains("given by mecab_dictionary");
        assertThatThrownBy(() -> tokens("{}", "bert-sudachi-wordpiece", dictionary, "a"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("--sudachi-dictionary");
        assertThat(tokens("{}", "bert-sudachi-wordpiece", SEGMENTED, "東京 都")).containsExactly("東京", "都");
    }

    @Test
    void textOfModelsThatReadWordsIsCutFirst() {
        Analyser two = text -> List.of(text.substring(0, 1), text.substring(1));
        String[] seen = new String[1];
        Tokenizer inner = new StandInTokenizer(text -> seen[0] = text);
        try (Tokenizer tokenizer = new SegmentedTokenizer(inner, two, Cutting.FULL_WIDTH)) {
            tokenizer.encode("ab</s>cd", true);
        }
        assertThat(seen[0]).isEqualTo("ａ ｂ</s>ｃ ｄ");
    }

    @Test
    void whatIsNotSupportedIsNamed() {
        refused(", 'mecab_kwargs': {'mecab_dic': 'neologd'}", InvalidModelException.class, "neologd");
        refused(", 'mecab_kwargs': {'mecab_option': '-O wakati'}", UnsupportedModelException.class, "-O");
        refused(", 'mecab_kwargs': {'more': 1}", UnsupportedModelException.class, "more");
        refused(", 'mecab_kwargs': []", InvalidModelException.class, "mecab_kwargs");
        String unknown = "{'tokenizer_class': 'BertJapaneseTokenizer', 'word_tokenizer_type': 'kytea'}";
        assertThatThrownBy(() -> words(unknown, dictionary, "a", Set.of()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("kytea");
        assertThatThrownBy(() -> Tokenizers.load(folder, "jumanpp-tokenizers-bpe"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("jumanpp_bpe.json");
        String form = "{'tokenizer_class': 'BertSudachipyTokenizer', 'word_form_type': 'normalized_conjugation'}";
        assertThatThrownBy(() -> SudachiTokenizers.choose(json(form), WordOptions.none()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("normalized_conjugation");
    }

    private void refused(String arguments, Class<? extends JllmException> type, String what) {
        assertThatThrownBy(() -> words(MECAB.formatted(arguments), dictionary, "a", Set.of()))
                .isInstanceOf(type)
                .hasMessageContaining(what);
    }
}
