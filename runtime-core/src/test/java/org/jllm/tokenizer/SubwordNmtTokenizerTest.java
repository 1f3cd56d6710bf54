package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.words.Analyser;
import org.jllm.tokenizer.words.StandInJumanpp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubwordNmtTokenizerTest {
    private static final WordOptions SEGMENTED = new WordOptions(null, null, null, null, true);

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyJumanppFiles.subwordNmt(folder);
    }

    private SubwordNmtTokenizer over(Analyser analyser) {
        return new SubwordNmtTokenizer(folder.resolve("bpe.txt"), folder.resolve("bpe_dict.csv"), analyser, false);
    }

    private static List<String> twoByTwo(String text) {
        int[] points = text.codePoints().toArray();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < points.length; i += 2) {
            words.add(new String(points, i, Math.min(2, points.length - i)));
        }
        return words;
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text, true))
                .mapToObj(tokenizer::token)
                .toList();
    }

    @Test
    void sentencesEndInFullStopsAndASeparator() {
        try (Tokenizer tokenizer = over(StandInJumanpp.analyser())) {
            assertThat(tokens(tokenizer, "日本 a\n\n語。。日本語 日本"))
                    .containsExactly("<cls>", "日本", "ａ@@", "。", "<sep>", "日本", "語@@", "日", "本@@", "。", "<sep>");
        }
    }

    @Test
    void aWordAloneIsNoSentence() {
        Tokenizer tokenizer = over(SubwordNmtTokenizerTest::twoByTwo);
        // "日" and its full stop are one word of the stand-in.
        assertThat(tokenizer.encode("日。本", true)).containsExactly(3);
        assertThat(tokenizer.encode("", true)).containsExactly(3);
        assertThat(tokenizer.encode("", false)).isEmpty();
        assertThat(tokens(tokenizer, "日本日本")).containsExactly("<cls>", "日本", "日本", "。", "<sep>");
    }

    @Test
    void itemsOfTheTableThatAreSpecialAreSpecialInTexts() {
        Tokenizer tokenizer = over(SubwordNmtTokenizerTest::twoByTwo);
        assertThat(tokens(tokenizer, "日本<mask>で す")).containsExactly("<cls>", "日本", "<mask>", "です", "。", "<sep>");
        assertThat(tokenizer.specialTokens().byRole())
                .containsEntry("mask_token", "<mask>")
                .containsEntry("pad_token", "<pad>");
        String text = "<mask>日本日本";
        MarkedText literal = new MarkedText(text, List.of(new MarkedText.Range(0, text.length())));
        assertThat(tokenizer.encode(literal, true)).doesNotContain(1);
    }

    @Test
    void textThatIsCutAlready() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"roberta\"}");
        TokenizerChoice choice = Tokenizers.choose(folder, null, SEGMENTED);
        assertThat(choice.text())
                .isEqualTo("the bare algorithm over bpe.txt and bpe_dict.csv (as its files are called);"
                        + " words between spaces (pre_segmented)");
        try (Tokenizer tokenizer = choice.load();
                Tokenizer byKind = Tokenizers.choose(folder, "jumanpp-subword-nmt", SEGMENTED)
                        .load()) {
            assertThat(tokens(tokenizer, "日本語 abc です。語 、\n日本語"))
                    .containsExactly(
                            "<cls>", "日本語", "ａｂｃ", "です", "。", "<sep>", "語", "、", "。", "<sep>", "日本語", "。", "<sep>");
            assertThat(byKind.encode("日本語 abc", true)).isEqualTo(tokenizer.encode("日本語 abc", true));
        }
    }

    @Test
    void backToText() {
        Tokenizer tokenizer = over(SubwordNmtTokenizerTest::twoByTwo);
        int[] ids = tokenizer.encode("日本語日本a", true);
        assertThat(tokenizer.decode(ids, false)).startsWith("<cls>").endsWith("<sep>");
        assertThat(tokenizer.decode(new int[] {3, 6, 7, 0}, true)).isEqualTo("日本");
        assertThat(tokenizer.encodePair("日本日本", "日本です").ids()).containsExactly(tokenizer.encode("日本日本。日本です", true));
        assertThatThrownBy(() -> tokenizer.token(tokenizer.size())).isInstanceOf(InvalidRequestException.class);
    }

    /** What the program of the model does, step by step. */
    private static List<Integer> slowly(String text, List<String> names, Map<String, Integer> ranks) {
        List<Integer> ids = new ArrayList<>(List.of(3));
        for (String line : text.split("\n", -1)) {
            for (String part : line.split("。", -1)) {
                if (PythonText.split(part).isEmpty()) {
                    continue;
                }
                String sentence =
                        String.join("", PythonText.split(Normalizer.normalize(part + "。", Normalizer.Form.NFKC)));
                StringBuilder wide = new StringBuilder();
                for (char c : sentence.toCharArray()) {
                    int special = "\"'`¥".indexOf(c);
                    wide.append(
                            special >= 0
                                    ? "”’‘￥".charAt(special)
                                    : c >= '!' && c <= '~' && c != '\\' ? (char) (c - '!' + '！') : c);
                }
                List<String> words = twoByTwo(wide.toString());
                if (words.size() < 2) {
                    continue;
                }
                for (String word : words) {
                    List<String> letters = new ArrayList<>();
                    word.codePoints().forEach(c -> letters.add(Character.toString(c)));
                    letters.set(letters.size() - 1, letters.get(letters.size() - 1) + "</w>");
                    List<String> pieces = SlowPairMerger.mergeTogether(letters, ranks);
                    for (int i = 0; i < pieces.size(); i++) {
                        String piece = pieces.get(i).replace("</w>", "") + (i + 1 < pieces.size() ? "@@" : "");
                        ids.add(names.contains(piece) ? names.indexOf(piece) : 4);
                    }
                }
                ids.add(0);
            }
        }
        return ids;
    }

    @Test
    void agreesWithTheDefinition() {
        List<String> names = TinyJumanppFiles.table().stream()
                .map(row -> row.contains("\",\"") ? "," : row.split(",", -1)[1])
                .toList();
        Map<String, Integer> ranks = new HashMap<>();
        TinyJumanppFiles.CODES.forEach(code -> ranks.putIfAbsent(code, ranks.size()));
        Tokenizer tokenizer = over(SubwordNmtTokenizerTest::twoByTwo);
        Random random = new Random(8);
        int[] letters = "日本語abcです。。\n 、1\"'\\,はｶﾞ㌔　😀\u00A0ａ¨".codePoints().toArray();
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            assertThat(Arrays.stream(tokenizer.encode(text.toString(), true)).boxed())
                    .as(text.toString())
                    .isEqualTo(slowly(text.toString(), names, ranks));
        }
    }

    @Test
    void damagedTablesAreRefused() throws IOException {
        Files.write(folder.resolve("bpe_dict.csv"), List.of("0,<sep>", "1,<mask>", "2"));
        assertThatThrownBy(() -> over(text -> List.of()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("row 3");
        Files.write(folder.resolve("bpe_dict.csv"), List.of("0,a", "1,b", "2,c", "3,d", "4,e"));
        assertThatThrownBy(() -> over(text -> List.of()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("5 rows");
    }

    @Test
    void specialTokensAreKnownByTheirPlace() throws IOException {
        Files.write(folder.resolve("bpe_dict.csv"), List.of("0,", "1,", "2,x", "3,x", "4,?", "5,日本"));
        Tokenizer tokenizer = over(SubwordNmtTokenizerTest::twoByTwo);
        assertThat(tokenizer.encode("日本日本", true)).containsExactly(3, 5, 5, 4, 0);
        assertThat(tokenizer.specialTokens().byRole()).containsEntry("mask_token", "<mask>");
    }
}
