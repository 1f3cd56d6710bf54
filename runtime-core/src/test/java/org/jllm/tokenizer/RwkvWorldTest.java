package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RwkvWorldTest {
    @TempDir
    Path folder;

    private Tokenizer load(String... more) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            lines.add(String.format("%d b'\\x%02x' 1", b + 1, b));
        }
        lines.addAll(List.of(more));
        Files.write(folder.resolve("rwkv_vocab_v1.txt"), lines);
        return Tokenizers.load(folder, "rwkv-world");
    }

    @Test
    void theLongestTokenWins() throws IOException {
        Tokenizer tokenizer =
                load("257 'ab' 2", "258 'abcd' 4", "259 \"it's\\n\" 5", "260 '日' 3", "261 b'\\xe6\\x9c' 2");
        assertThat(tokenizer.encode("abcab", true)).containsExactly(257, 'c' + 1, 257);
        assertThat(tokenizer.encode("abcd", true)).containsExactly(258);
        assertThat(tokenizer.encode("it's\n日", true)).containsExactly(259, 260);
        assertThat(tokenizer.encode("本", true)).containsExactly(261, 0xAC + 1);
        assertThat(tokenizer.token(261)).isEqualTo("\\xe6\\x9c");
        assertThat(tokenizer.decode(new int[] {261}, true)).isEqualTo("\uFFFD");
        assertThat(tokenizer.bytes(261)).containsExactly(0xE6, 0x9C);
        Detokenizer stream = tokenizer.detokenizer(true);
        assertThat(stream.next(261)).isEmpty();
        assertThat(stream.next(0xAC + 1)).isEqualTo("本");
        assertThat(tokenizer.specialTokens().eos()).hasValue(0);
        assertThat(tokenizer.size()).isEqualTo(65536);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"257 'ab' 3", "257 'ab", "257 'a\\q' 3", "0 'ab' 2", "1 'ab' 2", "70000 'ab' 2", "257 'a' 1", "x"
            })
    void otherLinesAreRefused(String line) {
        assertThatThrownBy(() -> load(line))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("rwkv_vocab_v1.txt");
    }

    @Test
    void aByteWithoutTokenIsNamed() throws IOException {
        Files.writeString(folder.resolve("rwkv_vocab_v1.txt"), "1 'a' 1\n");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("byte 0");
    }
}
