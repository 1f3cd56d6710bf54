package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small tokenizer of every kind, made of the project's own model and of files that are written here. */
final class EveryKind {
    static final Path OWN = Path.of("src/test/resources/golden-tokenizers/own-llama-bpe/tokenizer.model");
    private static final List<String> SENTENCE_PIECE = List.of(
            "{'tokenizer_class': 'LlamaTokenizer'}",
            "{'tokenizer_class': 'LlamaTokenizer', 'legacy': false, 'clean_up_tokenization_spaces': true}",
            "{'tokenizer_class': 'LlamaTokenizer', 'legacy': false, 'add_prefix_space': false}",
            "{'tokenizer_class': 'PlamoTokenizer', 'add_eos_token': true}",
            "{'tokenizer_class': 'CodeLlamaTokenizer'}",
            "{'tokenizer_class': 'T5Tokenizer'}",
            "{'tokenizer_class': 'T5Tokenizer', 'legacy': false, 'extra_ids': 0,"
                    + " 'set_after_loading': {'do_lower_case': true}}",
            "{'tokenizer_class': 'AlbertTokenizer'}",
            "{'tokenizer_class': 'AlbertTokenizer', 'keep_accents': true, 'remove_space': false, 'do_lower_case': false}",
            "{'tokenizer_class': 'XLNetTokenizer'}",
            "{'tokenizer_class': 'DebertaV2Tokenizer', 'unk_token': '<unk>', 'do_lower_case': true}",
            "{'tokenizer_class': 'DebertaV2Tokenizer', 'unk_token': '<unk>', 'split_by_punct': true}",
            "{'tokenizer_class': 'XLMRobertaTokenizer'}",
            "{'tokenizer_class': 'MLukeTokenizer'}",
            "{'tokenizer_class': 'MBartTokenizer', 'src_lang': 'ja_XX'}",
            "{'tokenizer_class': 'MBart50Tokenizer', 'src_lang': 'ja_XX'}",
            "{'tokenizer_class': 'BarthezTokenizer'}",
            "{'tokenizer_class': 'CamembertTokenizer'}",
            "{'tokenizer_class': 'BertGenerationTokenizer'}",
            "{'tokenizer_class': 'ReformerTokenizer'}",
            "{'tokenizer_class': 'RemBertTokenizer'}",
            "{}");

    private final Path folder;
    private final Map<String, Tokenizer> tokenizers = new LinkedHashMap<>();

    private EveryKind(Path folder) {
        this.folder = folder;
    }

    static Map<String, Tokenizer> in(Path folder) {
        EveryKind kinds = new EveryKind(folder);
        try {
            kinds.create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kinds.tokenizers;
    }

    private void create() throws IOException {
        for (String config : SENTENCE_PIECE) {
            add(config, Map.of("vocab_file", OWN));
        }
        add("{}", Map.of("vocab_file", OWN, "dict_file", dictionary()));
        Path words = words();
        add("{'tokenizer_class': 'BertTokenizer'}", Map.of("vocab_file", words));
        add(
                "{'tokenizer_class': 'BertTokenizer', 'do_lower_case': false, 'tokenize_chinese_chars': false}",
                Map.of("vocab_file", words));
        add(
                "{'tokenizer_class': 'BertJapaneseTokenizer', 'subword_tokenizer_type': 'character'}",
                Map.of("vocab_file", words));
        add(
                "{'tokenizer_class': 'BertJapaneseTokenizer', 'subword_tokenizer_type': 'sentencepiece',"
                        + " 'unk_token': '<unk>'}",
                Map.of("spm_file", OWN));
        add("{'tokenizer_class': 'QWenTokenizer'}", Map.of("vocab_file", ranks()));
        add("{}", Map.of("vocab_file", rwkv()));
        String noMerges = "#version: 0.2\n";
        Path merges = write("merges.txt", noMerges);
        add(
                "{'tokenizer_class': 'CLIPTokenizer'}",
                Map.of("vocab_file", letters("clip.json", true), "merges_file", merges));
        add(
                "{'tokenizer_class': 'GPT2Tokenizer'}",
                Map.of("vocab_file", letters("gpt2.json", false), "merges_file", merges));
        Path emoji = write(
                "emoji.json",
                "{\"emoji\": {\"👍\": \"<|emoji1|>\", \"😀\": \"<|emoji2|>\"},"
                        + " \"emoji_inv\": {\"<|emoji1|>\": \"👍\", \"<|emoji2|>\": \"😀\"}}");
        for (String clean : List.of("false", "true")) {
            add(
                    "{'tokenizer_class': 'GPTNeoXJapaneseTokenizer', 'do_clean_text': " + clean + "}",
                    Map.of("vocab_file", neox(), "emoji_file", emoji));
        }
        TinyJumanppFiles.subwordNmt(folder);
        tokenizers.put(
                "subword-nmt",
                new SubwordNmtTokenizer(
                        folder.resolve("bpe.txt"), folder.resolve("bpe_dict.csv"), EveryKind::characters, false));
        Path json = TinyJumanppFiles.tokenizerJson(folder.resolve("words.json"), japaneseAndLatin());
        tokenizers.put(
                "tokenizer.json of words",
                new SegmentedTokenizer(
                        TokenizerJsonOfWords.load(json, TokenizerJson.object(), Map.of()),
                        EveryKind::characters,
                        Cutting.AS_WRITTEN));
    }

    private static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    private static String japaneseAndLatin() {
        StringBuilder letters = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) {
            letters.append(c);
        }
        for (char c = 'ぁ'; c <= 'ん'; c++) {
            letters.append(c);
        }
        return letters.toString();
    }

    private void add(String config, Map<String, Path> files) throws IOException {
        ObjectNode node = (ObjectNode) new JsonMapper().readTree(config.replace('\'', '"'));
        tokenizers.put(config + " over " + files.get("vocab_file"), Tokenizers.create(node, new HashMap<>(files)));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Path dictionary() throws IOException {
        SentencePieceModel model = SentencePieceModel.load(OWN);
        List<String> lines = new ArrayList<>();
        for (int id = model.size() - 1; id > 10; id--) {
            lines.add(model.piece(id) + " " + id);
        }
        return Files.write(folder.resolve("dict.txt"), lines);
    }

    private Path words() throws IOException {
        List<String> words = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "日本", "##語", "##s"));
        for (char c = '!'; c <= '~'; c++) {
            words.add(String.valueOf(c));
            words.add("##" + c);
        }
        for (char c = 'ぁ'; c <= 'ん'; c++) {
            words.add(String.valueOf(c));
            words.add("##" + c);
        }
        return Files.write(folder.resolve("vocab.txt"), words);
    }

    private Path ranks() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            lines.add(Base64.getEncoder().encodeToString(new byte[] {(byte) b}) + " " + b);
        }
        lines.add(Base64.getEncoder().encodeToString(new byte[] {(byte) 0xE3, (byte) 0x81}) + " 256");
        return Files.write(folder.resolve("small.tiktoken"), lines);
    }

    private Path rwkv() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            lines.add(String.format("%d b'\\x%02x' 1", b + 1, b));
        }
        lines.add("257 b'\\xe3\\x81' 2");
        lines.add("258 '日本' 6");
        return Files.write(folder.resolve("rwkv_vocab_small.txt"), lines);
    }

    private Path letters(String name, boolean marked) throws IOException {
        ObjectNode vocabulary = TokenizerJson.object();
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.valueOf(ByteAlphabet.toChar((byte) b)), b);
            if (marked) {
                vocabulary.put(ByteAlphabet.toChar((byte) b) + "</w>", 256 + b);
            }
        }
        vocabulary.put("<|startoftext|>", vocabulary.size());
        vocabulary.put("<|endoftext|>", vocabulary.size());
        return write(name, vocabulary.toString());
    }

    private Path neox() throws IOException {
        List<String> lines = new ArrayList<>(List.of("日本,にほん", "です", "は", ",", "<SP>", "<BR>", "<TAB>", "<BLOCK>"));
        lines.addAll(List.of("<KIGOU>", "<U2000U2BFF>", "<URL>", "<EMAIL>", "<TEL>", "<DATE>", "<PRICE>"));
        for (int b = 0; b < 256; b++) {
            lines.add("<|byte" + b + "|>");
        }
        lines.addAll(List.of("<|emoji1|>", "<|emoji2|>", "<|startoftext|>", "<|endoftext|>"));
        return Files.write(folder.resolve("neox.txt"), lines);
    }
}
