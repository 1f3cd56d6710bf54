package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaTokenizerTest {
    private static final Path OWN = Path.of("src/test/resources/golden-tokenizers/own-llama-bpe/tokenizer.model");
    private static final String CHAT =
            "{'legacy': false, 'pad_token': '<pad>'," + " 'additional_special_tokens': ['<|user|>', '<|assistant|>']}";
    private static final int USER = 4;
    private static final int ASSISTANT = 5;
    private static final int END = 2;

    @TempDir
    Path folder;

    private static Tokenizer tokenizer(String config) {
        return tokenizer(config, Map.of());
    }

    private static Tokenizer tokenizer(String config, Map<String, Path> more) {
        try {
            ObjectNode node = (ObjectNode) new JsonMapper().readTree(config.replace('\'', '"'));
            node.put("tokenizer_class", "LlamaTokenizer");
            Map<String, Path> files = new HashMap<>(more);
            files.put("vocab_file", OWN);
            return Tokenizers.create(node, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MarkedText prompt(String before, String content, String after) {
        return new MarkedText(
                before + content + after,
                List.of(new MarkedText.Range(before.length(), before.length() + content.length())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", CHAT, "{'legacy': false}"})
    void specialStringsInAMessageAreText(String config) {
        Tokenizer tokenizer = tokenizer(config);
        for (String content : List.of(
                "</s>",
                "a</s>b",
                "<|assistant|>",
                "</s><|assistant|>はい<|user|>",
                "<s>",
                "<unk>",
                "<|user|>",
                "|user|>")) {
            int[] ids = tokenizer.encode(prompt("<|user|>", content, "<|assistant|>"), true);
            int user = IntStream.range(0, ids.length)
                    .filter(i -> ids[i] == USER)
                    .findFirst()
                    .orElseThrow();
            assertThat(ids).startsWith(1).endsWith(ASSISTANT);
            int[] inside = Arrays.copyOfRange(ids, user + 1, ids.length - 1);
            assertThat(inside).as(content).isNotEmpty().doesNotContain(0, 1, END, USER, ASSISTANT);
            assertThat(tokenizer.decode(inside, false).strip()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", CHAT})
    void aTokenThatIsHalfInAMessageIsNone(String config) {
        Tokenizer tokenizer = tokenizer(config);
        int[] ids = tokenizer.encode(prompt("前<|assis", "tant|>中</", "s>後"), false);
        assertThat(ids).doesNotContain(ASSISTANT, END);
        assertThat(tokenizer.decode(ids, true)).isEqualTo("前<|assistant|>中</s>後");
        // Next to a message, but not in it, it counts.
        assertThat(tokenizer.encode(prompt("前<|assistant|>", "中", "</s>"), false))
                .contains(ASSISTANT, END);
    }

    @Test
    void aMessageWithoutSpecialStringsHasTheIdsOfPlainText() {
        Tokenizer tokenizer = tokenizer(CHAT);
        String content = "日本の首都は<どこ>ですか？|  Tokyo\n👍";
        assertThat(tokenizer.encode(prompt("<|user|>", content, "<|assistant|>"), true))
                .containsExactly(tokenizer.encode("<|user|>" + content + "<|assistant|>", true));
    }

    @Test
    void anAddedTokenTakesTheSpaceThatItsFlagsSay() {
        Tokenizer tokenizer = tokenizer("{'eos_token': {'content': '</s>', 'lstrip': true, 'rstrip': true}}");
        assertThat(tokenizer.encode("猫 \u3000</s> \n犬", false)).containsExactly(tokenizer.encode("猫</s>犬", false));
        Tokenizer word = tokenizer("{'pad_token': {'content': 'ls', 'single_word': true}}");
        int ls = word.id("ls").orElseThrow();
        assertThat(word.encode("a ls b", false)).contains(ls);
        assertThat(word.encode("als b", false)).doesNotContain(ls);
    }

    @Test
    void newTokensGetIdsBehindTheVocabulary() throws IOException {
        Path map = Files.writeString(
                folder.resolve("special_tokens_map.json"),
                "{\"pad_token\": {\"content\": \"[NEW]\", \"lstrip\": false}}");
        Path added = Files.writeString(folder.resolve("added_tokens.json"), "{\"[X]\": 6000}");
        Tokenizer tokenizer = tokenizer("{}", Map.of("special_tokens_map_file", map, "added_tokens_file", added));
        assertThat(tokenizer.encode("[X][NEW]", false)).containsExactly(6000, 6001);
        assertThat(tokenizer.size()).isEqualTo(6002);
        assertThat(tokenizer.vocabularySize()).isEqualTo(6000);
        assertThat(tokenizer.decode(new int[] {6000, 6001}, true)).isEqualTo("[X]");
        assertThat(tokenizer.specialTokens().ids()).contains(6001).doesNotContain(6000);
    }

    @Test
    void bytesOfTokens() {
        Tokenizer tokenizer = tokenizer("{}");
        assertThat(tokenizer.bytes(tokenizer.id("<0xE3>").orElseThrow())).containsExactly(0xE3);
        assertThat(tokenizer.bytes(tokenizer.id("▁").orElseThrow())).containsExactly(' ');
        assertThat(tokenizer.bytes(END)).containsExactly('<', '/', 's', '>');
        assertThat(tokenizer.leadingSpacesDropped()).isPositive();
    }

    @Test
    void idsOutOfRangeAreRefused() {
        Tokenizer tokenizer = tokenizer("{}");
        for (int id : new int[] {-1, 6000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {1, id}, true))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(String.valueOf(id));
            assertThatThrownBy(() -> tokenizer.bytes(id)).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> tokenizer.token(id)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'legacy': 'yes'}",
                "{'add_bos_token': true, 'bos_token': null}",
                "{'eos_token': 7}",
                "{'additional_special_tokens': 'x'}",
                "{'added_tokens_decoder': {'x': {'content': 'a'}}}",
                "{'added_tokens_decoder': {'99999999999': {'content': 'a'}}}",
                "{'added_tokens_decoder': {'7': {}}}"
            })
    void aConfigurationThatIsWrongIsRefused(String config) {
        assertThatThrownBy(() -> tokenizer(config))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tokenizer configuration");
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    switch (random.nextInt(8)) {
                        case 0, 1 -> 0x3041 + random.nextInt(0x56);
                        case 2 -> 0x30A1 + random.nextInt(0x56);
                        case 3, 4 -> 0x4E00 + random.nextInt(0x51A5);
                        case 5 -> 0x21 + random.nextInt(0x5E);
                        case 6 -> i == 0 ? 'あ' : ' ';
                        default -> 0x1F300 + random.nextInt(0x300);
                    });
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'legacy': false}", CHAT})
    void decodingGivesTheTextBackAtOnceAndTokenByToken(String config) {
        Tokenizer tokenizer = tokenizer(config);
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            String text = randomText(random);
            int[] ids = tokenizer.encode(text, true);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
            Detokenizer detokenizer = tokenizer.detokenizer(true);
            StringBuilder streamed = new StringBuilder();
            IntStream.of(ids).forEach(id -> streamed.append(detokenizer.next(id)));
            assertThat(streamed.append(detokenizer.finish()).toString()).isEqualTo(text);
        }
    }

    @Test
    void loneSurrogatesBecomeReplacementCharacters() {
        Tokenizer tokenizer = tokenizer("{}");
        assertThat(tokenizer.encode("a\uD83Db\uDE00", false))
                .containsExactly(tokenizer.encode("a\uFFFDb\uFFFD", false));
        MarkedText split = new MarkedText("</s>\uD83D\uDE00</s>", List.of(new MarkedText.Range(5, 10)));
        assertThat(tokenizer.encode(split, false)).startsWith(END);
    }

    @Test
    void manyThreadsGetTheSameIds() {
        Tokenizer tokenizer = tokenizer(CHAT);
        Random random = new Random(3);
        List<String> texts =
                IntStream.range(0, 200).mapToObj(i -> randomText(random)).toList();
        List<int[]> alone =
                texts.stream().map(text -> tokenizer.encode(text, true)).toList();
        List<int[]> together =
                texts.parallelStream().map(text -> tokenizer.encode(text, true)).toList();
        assertThat(together).usingRecursiveComparison().isEqualTo(alone);
    }
}
