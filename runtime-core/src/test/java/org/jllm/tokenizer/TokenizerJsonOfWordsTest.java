package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.checkpoint.StrictJson;
import org.jllm.tokenizer.words.Analyser;
import org.jllm.tokenizer.words.StandInJumanpp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonOfWordsTest {
    private static final String KIND = "jumanpp-tokenizers-bpe";
    private static final WordOptions SEGMENTED = new WordOptions(null, null, null, null, true);

    @TempDir
    private Path folder;

    private Path json = Path.of("");

    @BeforeEach
    void write() throws IOException {
        json = TinyJumanppFiles.tokenizerJson(folder.resolve("jumanpp_bpe.json"), "");
    }

    private Tokenizer over(Analyser analyser) {
        Tokenizer inner = TokenizerJsonOfWords.load(json, TokenizerJson.object(), Map.of());
        return new SegmentedTokenizer(inner, analyser, Cutting.AS_WRITTEN);
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text, true))
                .mapToObj(tokenizer::token)
                .toList();
    }

    @Test
    void wordsStayAsTheyAreWritten() {
        try (Tokenizer tokenizer = over(StandInJumanpp.analyser())) {
            assertThat(tokens(tokenizer, "日本語ab日本c\uFDD0 \0"))
                    .containsExactly("[CLS]", "日本", "語", "a", "b", "日", "本", "c", "[SEP]");
            assertThat(tokens(tokenizer, "ｶﾞｶﾞ[MASK]です")).containsExactly("[CLS]", "ｶﾞ", "ｶﾞ", "[MASK]", "です", "[SEP]");
        }
    }

    @Test
    void theKindOfTheCatalogueAsksForIt() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bert\"}");
        TokenizerChoice choice = Tokenizers.choose(folder, KIND, SEGMENTED);
        assertThat(choice.text())
                .isEqualTo(
                        "PreTrainedTokenizerFast over jumanpp_bpe.json (kind jumanpp-tokenizers-bpe of the catalogue);"
                                + " words between spaces (pre_segmented)");
        try (Tokenizer tokenizer = choice.load()) {
            assertThat(tokens(tokenizer, "日本語 abc ｶﾞ")).containsExactly("[CLS]", "日本語", "abc", "ｶﾞ", "[SEP]");
            int[] ids = tokenizer.encode("日本語 abc", true);
            assertThat(tokenizer.decode(ids, true)).isEqualTo("日本語 abc");
            EncodedPair pair = tokenizer.encodePair("日本語", "abc");
            assertThat(pair.ids()).hasSize(5);
            assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1);
            assertThat(tokenizer.specialTokens().byRole()).containsEntry("mask_token", "[MASK]");
        }
        assertThat(Tokenizers.choose(folder, null, SEGMENTED).text()).contains("(as its files are called)");
        Files.move(json, folder.resolve("tokenizer.json"));
        assertThat(Tokenizers.choose(folder, KIND, SEGMENTED).text()).contains("over tokenizer.json (kind");
    }

    @Test
    void aSpecialTokenInLiteralTextIsText() {
        try (Tokenizer tokenizer = over(text -> List.of(text))) {
            String text = "[MASK]";
            MarkedText literal = new MarkedText(text, List.of(new MarkedText.Range(0, text.length())));
            assertThat(tokenizer.encode(literal, false)).doesNotContain(4);
            assertThat(tokenizer.encode(text, false)).containsExactly(4);
        }
    }

    @Test
    void aNormalizerIsRefused() throws IOException {
        ObjectNode root = StrictJson.object(json);
        root.putObject("normalizer").put("type", "NFKC");
        Files.writeString(json, root.toString());
        assertThatThrownBy(() -> over(text -> List.of()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("normalizer");
    }

    private static String decomposed(int c) {
        return Normalizer.normalize(Character.toString(c).toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
    }

    /** For each char of the first text those of the second that are like it, by a longest common subsequence. */
    private static List<List<Integer>> aligned(String first, String second) {
        StringBuilder a = new StringBuilder();
        StringBuilder b = new StringBuilder();
        List<Integer> fromA = new ArrayList<>();
        List<Integer> fromB = new ArrayList<>();
        for (int i = 0; i < first.length(); i++) {
            String part = decomposed(first.charAt(i));
            a.append(part);
            for (int k = 0; k < part.length(); k++) {
                fromA.add(i);
            }
        }
        for (int i = 0; i < second.length(); i++) {
            String part = decomposed(second.charAt(i));
            b.append(part);
            for (int k = 0; k < part.length(); k++) {
                fromB.add(i);
            }
        }
        int[][] longest = new int[a.length() + 1][b.length() + 1];
        for (int i = a.length() - 1; i >= 0; i--) {
            for (int k = b.length() - 1; k >= 0; k--) {
                longest[i][k] = a.charAt(i) == b.charAt(k)
                        ? 1 + longest[i + 1][k + 1]
                        : Math.max(longest[i + 1][k], longest[i][k + 1]);
            }
        }
        List<List<Integer>> result = new ArrayList<>();
        for (int i = 0; i < first.length(); i++) {
            result.add(new ArrayList<>());
        }
        int k = 0;
        for (int i = 0; i < a.length() && k < b.length(); ) {
            if (a.charAt(i) == b.charAt(k)) {
                result.get(fromA.get(i++)).add(fromB.get(k++));
            } else if (longest[i + 1][k] >= longest[i][k + 1]) {
                i++;
            } else {
                k++;
            }
        }
        return result;
    }

    /** What the program of the model does: words of the full-width text are aligned with the text as it is written. */
    private static List<String> slowly(String text, Map<String, Integer> ranks, List<String> letters) {
        String wide = WideText.of(text).text();
        List<List<Integer>> places = aligned(wide, text);
        List<String> tokens = new ArrayList<>(List.of("[CLS]"));
        int end = wide.length();
        while (end > 0 && PythonText.isSpace(wide.charAt(end - 1))) {
            end--;
        }
        for (int start = 0; start < end; start += 2) {
            List<Integer> found = new ArrayList<>();
            for (int i = start; i < Math.min(end, start + 2); i++) {
                found.addAll(places.get(i));
            }
            List<String> part = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                if (i > 0 && found.get(i) > found.get(i - 1) + 1) {
                    tokens.addAll(SlowPairMerger.merge(part, ranks));
                    part.clear();
                }
                String letter = String.valueOf(text.charAt(found.get(i)));
                if (letters.contains(letter) && (i == 0 || found.get(i) > found.get(i - 1))) {
                    part.add(letter);
                }
            }
            tokens.addAll(SlowPairMerger.merge(part, ranks));
        }
        tokens.add("[SEP]");
        return tokens;
    }

    @Test
    void agreesWithTheDefinition() {
        Map<String, Integer> ranks = new HashMap<>();
        TinyJumanppFiles.MERGES.forEach(merge -> ranks.put(merge, ranks.size()));
        List<String> letters = TinyJumanppFiles.LETTERS
                .codePoints()
                .mapToObj(Character::toString)
                .toList();
        Random random = new Random(12);
        // Without curly quotes, which could be aligned with others than their own.
        String all = "日本語日本abcABｶﾞﾊﾟガでです。、は \"'`ＡＢ1!ﾜﾞ¥\\　";
        Analyser twoByTwo = text -> {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < text.length(); i += 2) {
                words.add(text.substring(i, Math.min(text.length(), i + 2)));
            }
            return words;
        };
        try (Tokenizer tokenizer = over(twoByTwo)) {
            for (int round = 0; round < 3_000; round++) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(20); i > 0; i--) {
                    text.append(all.charAt(random.nextInt(all.length())));
                }
                assertThat(tokens(tokenizer, text.toString()))
                        .as(text.toString())
                        .isEqualTo(slowly(text.toString(), ranks, letters));
            }
        }
    }
}
