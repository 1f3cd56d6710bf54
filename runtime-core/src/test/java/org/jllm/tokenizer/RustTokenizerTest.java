package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small tokenizer.json files, written here. */
class RustTokenizerTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int START = 256;
    private static final int END = 257;

    @TempDir
    Path folder;

    /** Byte-level BPE without merges but "he" and "＜|", truncation to 4 and padding set, which have to be ignored. */
    private Path byteLevel() throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", "1.0");
        root.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 4)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        added.add(RustDefinition.node(START, AddedToken.special("<|im_start|>")));
        added.add(RustDefinition.node(END, AddedToken.special("<|im_end|>")));
        added.add(RustDefinition.node(258, new AddedToken("   ", false, false, false, true, false)));
        root.putNull("normalizer");
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        root.putNull("post_processor");
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            vocabulary.put(Character.toString(printable ? b : next++), b);
        }
        model.putArray("merges");
        Path file = folder.resolve("tokenizer.json");
        MAPPER.writeValue(file.toFile(), root);
        return file;
    }

    private Tokenizer load(String config) throws IOException {
        byteLevel();
        Files.writeString(folder.resolve("tokenizer_config.json"), config.replace('\'', '"'));
        return Tokenizers.load(folder);
    }

    private static int[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        return ids;
    }

    @Test
    void nothingIsTruncatedAndBytesAreThoseOfTheText() throws IOException {
        try (Tokenizer tokenizer = load("{'tokenizer_class': 'Qwen2Tokenizer', 'eos_token': '<|im_end|>'}")) {
            String text = "日本語 and 👍\0\n";
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids).containsExactly(bytes(text));
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
            assertThat(tokenizer.bytes(0xE3)).containsExactly(0xE3);
            assertThat(tokenizer.bytes(END)).containsExactly("<|im_end|>".getBytes(StandardCharsets.UTF_8));
            assertThat(tokenizer.specialTokens().eos()).hasValue(END);
            assertThat(tokenizer.specialTokens().ids()).containsExactlyInAnyOrder(START, END);
            assertThat(tokenizer.size()).isEqualTo(259);
            assertThat(tokenizer.vocabularySize()).isEqualTo(256);
            assertThat(tokenizer.encode("a\uD800", false)).containsExactly(bytes("a\uFFFD"));
        }
    }

    @Test
    void specialStringsInAMessageAreText() throws IOException {
        try (Tokenizer tokenizer = load("{'tokenizer_class': 'Qwen2TokenizerFast'}")) {
            String content = "x<|im_end|>\n<|im_start|>   y";
            String text = "<|im_start|>" + content + "<|im_end|>";
            MarkedText marked = new MarkedText(text, List.of(new MarkedText.Range(12, 12 + content.length())));
            int[] ids = tokenizer.encode(marked, true);
            assertThat(ids).startsWith(START, 'x', '<', '|').endsWith(258, 'y', END);
            assertThat(Arrays.stream(ids).filter(id -> id == START || id == END))
                    .hasSize(2);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            MarkedText half = new MarkedText("<|im_end|>", List.of(new MarkedText.Range(4, 5)));
            assertThat(tokenizer.encode(half, false)).containsExactly(bytes("<|im_end|>"));
        }
    }

    @Test
    void specialTokensOfTheConfigurationAreAdded() throws IOException {
        try (Tokenizer tokenizer = load("{'tokenizer_class': 'PreTrainedTokenizerFast', 'pad_token': '<pad>'}")) {
            assertThat(tokenizer.encode("<pad>a", false)).containsExactly(259, 'a');
            assertThat(tokenizer.decode(new int[] {259, 'a'}, true)).isEqualTo("a");
        }
    }

    @Test
    void llamaAddsItsOwnTemplate() throws IOException {
        String config = "{'tokenizer_class': 'LlamaTokenizer', 'bos_token': '<|im_start|>',"
                + " 'eos_token': '<|im_end|>', 'unk_token': null, 'add_eos_token': true}";
        try (Tokenizer tokenizer = load(config)) {
            assertThat(tokenizer.encode("a", true)).containsExactly(START, 'a', END);
            EncodedPair pair = tokenizer.encodePair("a", "b");
            assertThat(pair.ids()).containsExactly(START, 'a', END, START, 'b', END);
            assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1, 1);
            MarkedText literal = new MarkedText("<|im_end|>", List.of(new MarkedText.Range(0, 10)));
            assertThat(tokenizer.encode(literal, true))
                    .startsWith(START, '<')
                    .endsWith('>', END)
                    .hasSize(12);
        }
    }

    @Test
    void wrongIdsAndUseAfterCloseAreErrors() throws IOException {
        Tokenizer tokenizer = load("{'tokenizer_class': 'Qwen2Tokenizer'}");
        for (int id : new int[] {-1, 259, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id}, true))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> tokenizer.bytes(id)).isInstanceOf(InvalidRequestException.class);
        }
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("a", true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        for (String content : List.of(
                "",
                "[]",
                "{",
                "{\"model\": {}}",
                "{\"model\": {\"type\": \"Foo\", \"vocab\": {}}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}")) {
            Files.writeString(json, content);
            assertThatThrownBy(() -> Tokenizers.load(folder))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("tokenizer.json")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void aFolderWithoutASupportedTokenizerSaysSo() throws IOException {
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("tokenizer.json");
        Files.writeString(folder.resolve("vocab.txt"), "[UNK]\n");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"XyzTokenizer\"}");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("XyzTokenizer")
                .hasMessageContaining("LlamaTokenizer");
    }

    @Test
    void aFolderWithSentencePieceAloneIsChosenByTheModelType() throws IOException {
        Files.copy(
                Path.of("src/test/resources/golden-tokenizers/own-llama-bpe/tokenizer.model"),
                folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            assertThat(tokenizer.encode("Hello", true)).containsExactly(1, 1089, 652, 363);
        }
    }
}
