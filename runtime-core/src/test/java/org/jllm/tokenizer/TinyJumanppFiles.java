package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The files of the two kinds of tokenizers that Juman++ stands inside of, in small. */
final class TinyJumanppFiles {
    static final List<String> CODES =
            List.of("日 本</w>", "日 本", "本 語</w>", "日本 語</w>", "ａ ｂ", "ａｂ ｃ</w>", "で す</w>", "。</w> 。");
    static final List<String> MERGES = List.of("日 本", "日本 語", "a b", "ab c", "で す", "ｶ ﾞ", "Ａ b", "本 語");
    static final List<String> SPECIAL = List.of("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]");
    static final String LETTERS = "日本語abcABｶﾞﾊガです。、はあい12,.!\"'”ＡＢ";

    private TinyJumanppFiles() {}

    /** Rows of {@code bpe_dict.csv}: a number, a piece, a count. */
    static List<String> table() {
        List<String> names = new ArrayList<>(List.of("<sep>", "<mask>", "<pad>", "<cls>", "<unk>"));
        for (String piece : List.of("日", "本", "語", "日本", "日本語", "本語", "ａ", "ｂ", "ｃ", "ａｂ", "ａｂｃ", "です", "で", "す")) {
            names.add(piece);
            names.add(piece + "@@");
        }
        names.addAll(List.of("。", "、", "１", "”", "＼", "日", "\",\"", "は@@"));
        return IntStream.range(0, names.size())
                .mapToObj(id -> id + "," + names.get(id) + "," + (1000 - id))
                .toList();
    }

    static void subwordNmt(Path folder) throws IOException {
        List<String> codes = new ArrayList<>(List.of("#version: 0.2"));
        codes.addAll(CODES);
        Files.write(folder.resolve("bpe.txt"), codes);
        Files.write(folder.resolve("bpe_dict.csv"), table());
    }

    /** @param more letters of the vocabulary */
    static Path tokenizerJson(Path file, String more) throws IOException {
        ObjectNode root = TokenizerJson.object();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode vocabulary = TokenizerJson.object();
        for (String token : SPECIAL) {
            added.add(RustDefinition.node(vocabulary.size(), AddedToken.special(token)));
            vocabulary.put(token, vocabulary.size());
        }
        root.putNull("normalizer").putNull("post_processor").putNull("decoder");
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        for (String letter :
                (LETTERS + more).codePoints().mapToObj(Character::toString).collect(Collectors.toSet())) {
            vocabulary.put(letter, vocabulary.size());
        }
        MERGES.forEach(merge -> vocabulary.put(merge.replace(" ", ""), vocabulary.size()));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        for (String none : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
            model.putNull(none);
        }
        model.put("fuse_unk", false).set("vocab", vocabulary);
        MERGES.forEach(model.putArray("merges")::add);
        return Files.writeString(file, root.toString());
    }
}
