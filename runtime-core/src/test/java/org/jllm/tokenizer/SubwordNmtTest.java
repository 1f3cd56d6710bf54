package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubwordNmtTest {
    @TempDir
    Path folder;

    private SubwordNmt codes(String... lines) throws IOException {
        return new SubwordNmt(Files.write(folder.resolve("bpe.txt"), List.of(lines)));
    }

    @Test
    void piecesCarryTheSeparator() throws IOException {
        SubwordNmt bpe = codes("#version: 0.2", "日 本", "日本 語</w>", "自 然</w>");
        assertThat(bpe.pieces("日本語")).containsExactly("日本語");
        assertThat(bpe.pieces("日本")).containsExactly("日@@", "本");
        assertThat(bpe.pieces("超日本語")).containsExactly("超@@", "日本語");
        assertThat(bpe.pieces("自然")).containsExactly("自然");
        assertThat(bpe.pieces("🍣")).containsExactly("🍣");
        assertThat(bpe.pieces("")).isEmpty();
    }

    @Test
    void theOldVersionMarksTheEndApart() throws IOException {
        SubwordNmt bpe = codes("日 本", "日本 </w>");
        assertThat(bpe.pieces("日本")).containsExactly("日本");
        assertThat(bpe.pieces("本日")).containsExactly("本@@", "日");
    }

    /** Where a pair of a lower rank arises, it comes into being after all equal ones are merged. */
    @Test
    void equalPairsAreMergedTogether() throws IOException {
        SubwordNmt bpe = codes("#version: 0.2", "ab a", "a b", "a b</w>");
        assertThat(bpe.pieces("abababx")).containsExactly("ab@@", "ab@@", "ab@@", "x");
    }

    @Test
    void agreesWithTheDefinition() throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            List<String> lines = new ArrayList<>(List.of("#version: 0.2"));
            List<String> symbols = new ArrayList<>(List.of("a", "b", "c", "a</w>", "b</w>", "c</w>"));
            Map<String, Integer> ranks = new HashMap<>();
            while (lines.size() < 12) {
                String left = symbols.get(random.nextInt(symbols.size()));
                String right = symbols.get(random.nextInt(symbols.size()));
                if (!left.endsWith("</w>") && ranks.putIfAbsent(left + " " + right, lines.size()) == null) {
                    lines.add(left + " " + right);
                    symbols.add(left + right);
                }
            }
            SubwordNmt bpe = codes(lines.toArray(String[]::new));
            for (int i = 0; i < 100; i++) {
                StringBuilder word = new StringBuilder();
                List<String> letters = new ArrayList<>();
                for (int length = 1 + random.nextInt(12); length > 0; length--) {
                    String letter = "abc".substring(random.nextInt(3)).substring(0, 1);
                    word.append(letter);
                    letters.add(length == 1 ? letter + "</w>" : letter);
                }
                String expected = String.join("@@ ", SlowPairMerger.mergeTogether(letters, ranks))
                        .replace("</w>", "");
                assertThat(String.join(" ", bpe.pieces(word.toString()))).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b c", "a", "a  b", "#version: 9"})
    void otherLinesAreRefused(String line) {
        assertThatThrownBy(() -> codes(line, "x y"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("bpe.txt");
    }
}
