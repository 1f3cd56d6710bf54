package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TiktokenTest {
    private static final List<String> LONGER =
            List.of("日", "本", "日本", "語", " 日本", "is", "th", "this", " a", "\n\n", "ab", "abab", "は", "が");

    @TempDir
    Path folder;

    private final TreeMap<Integer, byte[]> ranks = new TreeMap<>();
    private Tokenizer tokenizer;

    @BeforeEach
    void write() throws IOException {
        for (int b = 0; b < 256; b++) {
            ranks.put(b, new byte[] {(byte) b});
        }
        for (String token : LONGER) {
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            // A token is reached by merging shorter ones.
            for (int length = 2; length <= bytes.length; length++) {
                byte[] beginning = Arrays.copyOf(bytes, length);
                if (ranks.values().stream().noneMatch(known -> Arrays.equals(known, beginning))) {
                    ranks.put(ranks.size(), beginning);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        ranks.forEach((rank, token) -> lines.add(Base64.getEncoder().encodeToString(token) + " " + rank));
        Files.write(folder.resolve("qwen.tiktoken"), lines);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"QWenTokenizer\"}");
        tokenizer = Tokenizers.load(folder);
    }

    /** The published algorithm on one word: merge the neighbours of the lowest rank until none is left. */
    private List<Integer> slow(String word) {
        List<byte[]> parts = new ArrayList<>();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            parts.add(new byte[] {b});
        }
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int rank = rank(join(parts.get(i), parts.get(i + 1)));
                if (rank < bestRank) {
                    bestRank = rank;
                    best = i;
                }
            }
            if (best < 0) {
                return parts.stream().map(this::rank).toList();
            }
            parts.set(best, join(parts.get(best), parts.remove(best + 1)));
        }
    }

    private static byte[] join(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private int rank(byte[] token) {
        return ranks.entrySet().stream()
                .filter(entry -> Arrays.equals(entry.getValue(), token))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    @Test
    void wordsAreMergedByRank() {
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = 1 + random.nextInt(8); length > 0; length--) {
                word.append("日本語はがabthis".charAt(random.nextInt(11)));
            }
            assertThat(tokenizer.encode(word.toString(), true))
                    .as(word.toString())
                    .containsExactly(
                            slow(word.toString()).stream().mapToInt(id -> id).toArray());
        }
    }

    @Test
    void wordsAreCutAsQwenCutsThem() {
        int[] ids = tokenizer.encode("this  日本\n\nab12", false);
        List<String> tokens = Arrays.stream(ids).mapToObj(tokenizer::token).toList();
        assertThat(tokens).containsExactly("this", " ", " 日本", "\n\n", "ab", "1", "2");
    }

    @Test
    void specialTokensFollowTheRanks() {
        int first = ranks.size();
        assertThat(tokenizer.encode("<|im_start|>は<|im_end|><|endoftext|><|extra_204|>", false))
                .containsExactly(first + 1, rank("は".getBytes(StandardCharsets.UTF_8)), first + 2, first, first + 207);
        assertThat(tokenizer.size()).isEqualTo(first + 208);
        assertThat(tokenizer.specialTokens().eos()).hasValue(first);
        assertThat(tokenizer.decode(new int[] {first + 1, rank("本".getBytes(StandardCharsets.UTF_8)), first}, true))
                .isEqualTo("本");
        MarkedText literal = new MarkedText("<|im_end|>", List.of(new MarkedText.Range(0, 10)));
        assertThat(tokenizer.encode(literal, false)).doesNotContain(first + 2);
    }

    @Test
    void textIsComposedFirst() {
        assertThat(tokenizer.encode("か\u3099", false)).containsExactly(tokenizer.encode("が", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!! 7", "QQ==", "QQ== -1", "QQ== 99999999", "QQ== x", "QQ== 0"})
    void otherLinesAreRefused(String line) throws IOException {
        Files.writeString(folder.resolve("qwen.tiktoken"), "QQ== 0\n" + line + "\n");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("qwen.tiktoken");
    }
}
