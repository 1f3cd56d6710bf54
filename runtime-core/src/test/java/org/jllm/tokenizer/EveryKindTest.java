package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every tokenizer and any text. */
class EveryKindTest {
    private static final int STRINGS = 100_000;
    private static final List<String> CLUSTERS = List.of(
            "👨\u200D👩\u200D👧",
            "\u200D",
            "👍🏽",
            "🏽",
            "🇯🇵",
            "🇯",
            "❤\uFE0F",
            "\uFE0F",
            "1\uFE0F\u20E3",
            "か\u3099",
            "\u3099",
            "e\u0301\u0323",
            "\u0301",
            "ﾊﾟ",
            "ﾟ",
            "</s>",
            "<s>",
            "[SEP]",
            "<|endoftext|>",
            "<unk>",
            " .",
            " n't",
            "  ",
            "\n");

    @TempDir
    static Path folder;

    private static Map<String, Tokenizer> kinds = Map.of();

    @BeforeAll
    static void create() {
        kinds = EveryKind.in(folder);
    }

    @AfterAll
    static void close() {
        kinds.values().forEach(Tokenizer::close);
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(14); n > 0; n--) {
            switch (random.nextInt(6)) {
                case 0 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                case 1 -> text.append(CLUSTERS.get(random.nextInt(CLUSTERS.size())));
                case 2 -> text.appendCodePoint(0x3041 + random.nextInt(0x56));
                case 3 -> text.appendCodePoint(' ' + random.nextInt(0x5F));
                case 4 -> text.appendCodePoint(0x4E00 + random.nextInt(0x5200));
                default -> text.append((char) random.nextInt(0x3100));
            }
        }
        return text.toString();
    }

    @Test
    void anyTextIsEncodedAndDecodedAlikeAtOnceAndAsAStream() {
        Random random = new Random(7);
        int each = STRINGS / kinds.size() + 1;
        kinds.forEach((kind, tokenizer) -> {
            for (int i = 0; i < each; i++) {
                String text = randomText(random);
                int[] ids = tokenizer.encode(text, (i & 1) == 0);
                for (int id : ids) {
                    if (id < 0 || id >= tokenizer.size()) {
                        throw new AssertionError(kind + ": id " + id + " for " + text);
                    }
                }
                boolean everyStep = i % 50 == 0;
                for (int length = everyStep ? 1 : ids.length; length <= ids.length; length++) {
                    check(kind, tokenizer, Arrays.copyOf(ids, length));
                }
            }
        });
    }

    /** Ids that no text gives. */
    @Test
    void anyIdsAreDecodedAlikeAtOnceAndAsAStream() {
        Random random = new Random(9);
        kinds.forEach((kind, tokenizer) -> {
            for (int i = 0; i < 200; i++) {
                int[] ids = random.ints(random.nextInt(20), 0, tokenizer.size()).toArray();
                check(kind, tokenizer, ids);
            }
        });
    }

    private static void check(String kind, Tokenizer tokenizer, int[] ids) {
        String whole = tokenizer.decode(ids, true);
        Detokenizer detokenizer = tokenizer.detokenizer(true);
        StringBuilder streamed = new StringBuilder();
        for (int id : ids) {
            streamed.append(detokenizer.next(id));
        }
        // Where bytes are no text a whole text has U+FFFD.
        if (whole.indexOf('\uFFFD') < 0) {
            String before = streamed.toString();
            String all = streamed.append(detokenizer.finish()).toString();
            if (!all.equals(whole) || !whole.startsWith(before)) {
                assertThat(all).as(kind + ": " + Arrays.toString(ids)).isEqualTo(whole);
                assertThat(whole).as(kind).startsWith(before);
            }
        }
    }

    @Test
    void aLongLineIsEncoded() {
        String line = "吾輩は猫である。名前はまだ無い。1,000円 and ".repeat(3_000);
        kinds.forEach((kind, tokenizer) ->
                assertThat(tokenizer.encode(line, false).length).as(kind).isGreaterThan(20_000));
    }

    @Test
    void aLineOfTenMegabytesIsEncoded() {
        String line = "吾輩は猫である。名前はまだ無い。".repeat(210_000);
        assertThat(line.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(10_000_000);
        for (String name : List.of("{'tokenizer_class': 'LlamaTokenizer'}", "QWen", "rwkv", "'BertTokenizer'}")) {
            Tokenizer tokenizer = kinds.entrySet().stream()
                    .filter(entry -> entry.getKey().contains(name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
            assertThat(tokenizer.encode(line, false).length).as(name).isGreaterThan(1_000_000);
        }
    }

    @Test
    void aLongWordIsEncoded() {
        for (String letter : List.of("a", "語", "9", "\u0301", "(", "a@")) {
            String word = letter.repeat(20_000);
            kinds.forEach((kind, tokenizer) ->
                    assertThat(tokenizer.encode(word, false)).as(kind).isNotNull());
        }
    }

    @Test
    void loneSurrogatesAreReplacementCharacters() {
        kinds.forEach((kind, tokenizer) -> assertThat(tokenizer.encode("a\uD83Db\uDE00 日\uD800", true))
                .as(kind)
                .containsExactly(tokenizer.encode("a\uFFFDb\uFFFD 日\uFFFD", true)));
    }

    @Test
    void specialTokensInLiteralTextAreText() {
        kinds.forEach((kind, tokenizer) -> {
            for (String token : tokenizer.specialTokens().byRole().values()) {
                int id = tokenizer.id(token).orElseThrow();
                boolean unknown =
                        token.equals(tokenizer.specialTokens().byRole().get("unk_token"));
                if (SymbolMatcher.isControl(token) && !unknown) {
                    MarkedText literal = new MarkedText(token, List.of(new MarkedText.Range(0, token.length())));
                    assertThat(tokenizer.encode(literal, false))
                            .as(kind + ", " + token)
                            .doesNotContain(id);
                }
            }
        });
    }
}
