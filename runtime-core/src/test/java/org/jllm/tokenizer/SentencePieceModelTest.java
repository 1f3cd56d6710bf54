package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceModelTest {
    private static final Path OWN = Path.of("src/test/resources/golden-tokenizers/own-llama-bpe/tokenizer.model");

    @TempDir
    Path folder;

    private static List<String> pieces(SentencePieceModel model, String text) {
        return Arrays.stream(model.encode(text)).mapToObj(model::piece).toList();
    }

    @Test
    void ofEqualScoresBpeMergesTheLeftmostFirst() {
        SentencePieceModel model = TinyModel.of(SentencePieceFile.BPE)
                .piece("a", -9)
                .piece("b", -9)
                .piece("ab", -1)
                .piece("ba", -1)
                .build();
        assertThat(pieces(model, "abab")).containsExactly("ab", "ab");
        assertThat(pieces(model, "bab")).containsExactly("ba", "b");
    }

    @Test
    void bpeTakesPiecesThatAreNotToBeUsedApartAgain() {
        SentencePieceModel model = TinyModel.of(SentencePieceFile.BPE)
                .piece("a", -9)
                .piece("b", -9)
                .piece("c", -9)
                .piece("ab", -1, PieceType.UNUSED)
                .piece("abc", -2, PieceType.UNUSED)
                .build();
        assertThat(pieces(model, "abcab")).containsExactly("a", "b", "c", "a", "b");
    }

    @Test
    void bpeKeepsTheLongestUserDefinedSymbolWhole() {
        SentencePieceModel model = TinyModel.of(SentencePieceFile.BPE)
                .piece("<", -9)
                .piece(">", -9)
                .piece("><", -1)
                .piece("<x", 0, PieceType.USER_DEFINED)
                .piece("<x>", 0, PieceType.USER_DEFINED)
                .build();
        assertThat(pieces(model, "<x><x")).containsExactly("<x>", "<x");
        assertThat(pieces(model, "><")).containsExactly("><");
    }

    @Test
    void unigramTakesTheBestPathAndJoinsUnknownCharacters() {
        SentencePieceModel model = TinyModel.of(SentencePieceFile.UNIGRAM)
                .piece("a", -1)
                .piece("b", -1)
                .piece("ab", -1.5f)
                .piece("bb", -0.1f)
                .build();
        assertThat(pieces(model, "abb")).containsExactly("a", "bb");
        assertThat(model.encode("a東京b")).containsExactly(1, 0, 2);
        assertThat(model.decode(1, 0, 2)).isEqualTo("a \u2047 b");
    }

    @Test
    void charactersAndWords() {
        SentencePieceModel characters =
                TinyModel.of(SentencePieceFile.CHAR).piece("a", 0).piece("東", 0).build();
        assertThat(characters.encode("a東")).containsExactly(1, 2);
        SentencePieceModel words = TinyModel.of(SentencePieceFile.WORD)
                .normalizer(3, 1)
                .piece("▁a", 0)
                .piece("▁bc", 0)
                .build();
        assertThat(words.encode("a bc")).containsExactly(1, 2);
    }

    @Test
    void theCharacterMapReplacesTheLongestMatch() {
        // A trie of Darts with the keys "a" (replaced by "x") and "ab" (by "y").
        int[] units = new int[1024];
        int root = 256;
        units[0] = root << 10;
        // Node of "a": label a, has a value, its children from 512 on.
        units[root ^ 'a'] = 'a' | 1 << 8 | ((root ^ 'a' ^ 512) << 10);
        units[512] = 0x80000000;
        units[512 ^ 'b'] = 'b' | 1 << 8 | ((512 ^ 'b' ^ 768) << 10);
        units[768] = 0x80000000 | 2;
        ByteBuffer blob = ByteBuffer.allocate(4 + 4 * units.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        blob.putInt(4 * units.length);
        Arrays.stream(units).forEach(blob::putInt);
        blob.put("x\0y\0".getBytes(StandardCharsets.US_ASCII));
        TinyModel tiny =
                TinyModel.of(SentencePieceFile.CHAR).piece("x", 0).piece("y", 0).piece("a", 0);
        assertThat(pieces(tiny.charsMap(blob.array()).build(), "aba")).containsExactly("y", "x");
        for (int length : new int[] {1, 4, 8, 100, 4 + 4 * units.length}) {
            byte[] cut = Arrays.copyOf(blob.array(), length);
            assertThatThrownBy(() ->
                            TinyModel.of(SentencePieceFile.CHAR).charsMap(cut).build())
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("character map");
        }
        blob.put(4 + 4 * units.length + 3, (byte) 'z');
        SentencePieceModel open =
                TinyModel.of(SentencePieceFile.CHAR).charsMap(blob.array()).build();
        assertThatThrownBy(() -> open.encode("ab")).isInstanceOf(InvalidModelException.class);
    }

    @Test
    void whatContradictsItselfIsRefused() {
        refused(TinyModel.of(SentencePieceFile.BPE).piece("a", 0).piece("a", 1), "1 and 2");
        refused(TinyModel.of(SentencePieceFile.BPE).piece("<u>", 0, PieceType.UNKNOWN), "0 and 1");
        refused(TinyModel.of(SentencePieceFile.BPE).piece("", 0), "no text");
        refused(TinyModel.of(SentencePieceFile.BPE).piece("a", Float.NaN), "NaN");
        refused(TinyModel.of(SentencePieceFile.BPE).piece("<0x41>", 0, PieceType.BYTE), "byte_fallback");
        refused(TinyModel.of(SentencePieceFile.BPE).trainer(35, 1).piece("<0x41>", 0, PieceType.BYTE), "<0x00>");
        refused(TinyModel.of(9).piece("a", 0), "model_type");
    }

    private static void refused(TinyModel model, String reason) {
        assertThatThrownBy(model::build)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tiny.model")
                .hasMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void missingAndForeignFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> SentencePieceModel.load(folder.resolve("no.model")))
                .isInstanceOf(ModelNotFoundException.class);
        Path file = folder.resolve("tokenizer.model");
        for (String content :
                List.of("", "version https://git-lfs.github.com/spec/v1\noid sha256:00", "{}", "PK\3\4")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> SentencePieceModel.load(file))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("tokenizer.model");
        }
    }

    @Test
    void aDamagedFileGivesAClearErrorOrAModel() throws IOException {
        byte[] own = Files.readAllBytes(OWN);
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 150; round++) {
            byte[] damaged = round % 3 == 0 ? Arrays.copyOf(own, random.nextInt(own.length)) : own.clone();
            for (int i = 0; i < (round % 3 == 0 ? 0 : 1 + round % 20); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                SentencePieceModel model = SentencePieceModel.parse(damaged, "damaged.model");
                for (int id : model.encode("日本語の文章 and text 👍\n<|user|>")) {
                    assertThat(id).isBetween(0, model.size() - 1);
                }
            } catch (JllmException e) {
                assertThat(e).isInstanceOf(InvalidModelException.class);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    @Timeout(30)
    void aMillionCharactersWithoutASpaceTakeLinearTime() {
        SentencePieceModel model = SentencePieceModel.load(OWN);
        for (String text : List.of("a".repeat(1_000_000), "🤷".repeat(500_000), "吾輩は猫である。".repeat(125_000))) {
            assertThat(model.decode(model.encode(text))).isEqualTo(text);
        }
    }
}
