package org.jllm.tokenizer.mecab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedDictionaryTest {
    private static final String TEXT = "東京都には 𠮷野abcに京都、春の\0a";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sys.dic", "unk.dic", "matrix.bin", "char.bin"})
    void whatIsMissingOrCutIsNamed(String name) throws IOException {
        byte[] whole = Files.readAllBytes(TinyDictionary.write(folder).resolve(name));
        for (int length : new int[] {0, 1, 3, 40, 71, 72, 100, whole.length / 2, whole.length - 1}) {
            Files.write(folder.resolve(name), Arrays.copyOf(whole, Math.min(length, whole.length - 1)));
            assertThatThrownBy(() -> MecabWords.open(folder, List.of()))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining(name);
        }
        Files.delete(folder.resolve(name));
        assertThatThrownBy(() -> MecabWords.open(folder, List.of()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(name);
    }

    /** Either an error that says so, or words that are the text. */
    @ParameterizedTest
    @ValueSource(strings = {"sys.dic", "unk.dic", "matrix.bin", "char.bin"})
    void flippedBitsDoNoHarm(String name) throws IOException {
        byte[] whole = Files.readAllBytes(TinyDictionary.write(folder).resolve(name));
        Random random = new Random(11);
        String expected = TEXT.replace(" ", "");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 400; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    int at = random.nextBoolean() ? random.nextInt(damaged.length) : random.nextInt(120);
                    damaged[at % damaged.length] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(folder.resolve(name), damaged);
                try {
                    String found =
                            String.join("", MecabWords.open(folder, List.of()).split(TEXT));
                    assertThat(found.replace(" ", "")).hasSizeLessThanOrEqualTo(expected.length());
                } catch (JllmException e) {
                    assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
                }
            }
        });
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        Files.write(
                TinyDictionary.write(folder).resolve("sys.dic"),
                TinyDictionary.lexicon(TinyDictionary.WORDS, "EUC-JP"));
        assertThatThrownBy(() -> MecabWords.open(folder, List.of()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("EUC-JP")
                .hasMessageContaining("UTF-8");
    }

    @Test
    void wordsOfAnotherDictionaryAreRefused() throws IOException {
        Path user = folder.resolve("user.dic");
        Files.write(user, TinyDictionary.lexicon(List.of(new TinyDictionary.Word("東", 1, 900, 0)), "utf8"));
        assertThatThrownBy(() -> MecabWords.open(TinyDictionary.write(folder), List.of(user)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("another dictionary");
    }
}
