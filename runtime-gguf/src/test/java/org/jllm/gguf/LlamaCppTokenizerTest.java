package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.generation.StreamDecoder;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;
import org.jllm.verify.TokenizerVerification;
import org.jllm.verify.TokenizerVerifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaCppTokenizerTest {
    private static final GgufLoader LOADER = new GgufLoader();
    private static Tokenizer tokenizer;
    private static Tokenizer reference;

    @BeforeAll
    static void open() {
        TestModels.library();
        tokenizer = LOADER.loadTokenizer(TestModels.FOLDER);
        reference = Tokenizers.load(TestModels.FOLDER);
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
            reference.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "mmap とは何ですか？",
                "<|user|>ls は？<|assistant|>",
                " 先頭と  間の 空白 ",
                "改行\nタブ\t終わり",
                "絵文字😀と𠮷野家",
                "<s>a</s>b<unk>c<pad>",
                "half-width ﾊﾝｶｸ and NUL\0inside"
            })
    void givesTheIdsOfTheRepositorysOwnTokenizer(String text) {
        assertThat(tokenizer.encode(text, true)).isEqualTo(reference.encode(text, true));
        assertThat(tokenizer.encode(text, false)).isEqualTo(reference.encode(text, false));
    }

    @Test
    void specialTokensInLiteralRangesAreText() {
        String text = "<s><|user|>grep<|assistant|>mkdir</s>ls<|assistant|>";
        MarkedText marked = new MarkedText(text, List.of(new MarkedText.Range(15, 28), new MarkedText.Range(33, 37)));
        assertThat(tokenizer.encode(marked, false)).isEqualTo(reference.encode(marked, false));
        assertThat(tokenizer.encode(marked, true)).isEqualTo(reference.encode(marked, true));
        MarkedText all = new MarkedText("</s>", List.of(new MarkedText.Range(1, 2)));
        assertThat(tokenizer.encode(all, false)).doesNotContain(2);
    }

    @Test
    void namesAndIdsBelongTogether() {
        assertThat(tokenizer.size()).isEqualTo(6000);
        for (int id = 0; id < tokenizer.size(); id++) {
            assertThat(tokenizer.token(id)).isEqualTo(reference.token(id));
        }
        assertThat(tokenizer.id("<|user|>")).isEqualTo(reference.id("<|user|>"));
        assertThat(tokenizer.id("no such token")).isEmpty();
        assertThat(tokenizer.specialTokens().ids())
                .isEqualTo(reference.specialTokens().ids());
        assertThat(tokenizer.endIds()).containsExactly(2);
    }

    @Test
    void decodesWhatItEncoded() {
        String text = "日本語😀 and  spaces\n𠮷";
        int[] ids = tokenizer.encode(text, true);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        StreamDecoder stream = new StreamDecoder(tokenizer);
        StringBuilder streamed = new StringBuilder();
        for (int id : ids) {
            streamed.append(stream.push(id));
        }
        assertThat(streamed).hasToString(text);
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        for (int id : new int[] {-1, 6000, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> tokenizer.bytes(id)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> tokenizer.token(id)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id}, true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nothingIsTouchedAfterClosing() {
        Tokenizer closed = LOADER.loadTokenizer(TestModels.FOLDER);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.encode("a", true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.bytes(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLoneSurrogateIsReplaced() {
        assertThat(tokenizer.encode("a\uD83Db", false)).isEqualTo(tokenizer.encode("a\uFFFDb", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-bge", "gpt-2", "llama-spm", "mpt"})
    void givesTheIdsOfTheReference(String name) {
        Path folder = shared().resolve("golden-tokenizers/llama-cpp-" + name);
        TokenizerVerification result = TokenizerVerifier.verify(folder, LOADER::loadTokenizer);
        assertThat(result.unsupported()).isNull();
        assertThat(result.problems()).isEmpty();
        assertThat(result.samples()).isPositive();
    }

    /** The pre-tokenizer of BLOOM is a regular expression that recurses with each character. */
    @Test
    void aLongTextDoesNotOverflowTheStack(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        byte[] file = Files.readAllBytes(shared().resolve("tokenizers/llama-cpp-vocabs/ggml-vocab-gpt-2.gguf"));
        String bytes = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = bytes.indexOf("gpt-2", bytes.indexOf("tokenizer.ggml.pre"));
        System.arraycopy("bloom".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, file, at, 5);
        Path bloom = Files.write(folder.resolve("bloom.gguf"), file);
        try (Tokenizer long1 = LOADER.loadTokenizer(bloom)) {
            assertThat(long1.encode("a".repeat(300_000), false)).isNotEmpty();
        }
    }

    @Test
    void aFileThatIsNoModelIsRefused(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.gguf"), "not a model");
        assertThatThrownBy(() -> LOADER.loadTokenizer(text))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("text.gguf");
    }

    private static Path shared() {
        Path shared = Stream.of(System.getProperty("jllm.shared", ""), "../../shared")
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(Path.of("../../shared"));
        Assumptions.assumeTrue(Files.isDirectory(shared), "no folder " + shared + " with third-party vocabularies");
        return shared;
    }
}
