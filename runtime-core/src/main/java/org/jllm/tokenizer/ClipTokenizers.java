package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.StrictJson;

/** {@code CLIPTokenizer}, the Python class of Transformers 4.40 without ftfy, over {@code vocab.json} and {@code merges.txt}. */
final class ClipTokenizers {
    /** The class reads this many merges and no more. */
    private static final int MERGES = 49152 - 256 - 2;

    private ClipTokenizers() {}

    static PythonTokenizer create(Path vocabularyFile, Path mergesFile, ObjectNode config, Map<String, Path> files) {
        Map<String, AddedToken> defaults = new LinkedHashMap<>();
        defaults.put("bos_token", new AddedToken("<|startoftext|>", false, false, false, true, true));
        defaults.put("eos_token", new AddedToken("<|endoftext|>", false, false, false, true, true));
        defaults.put("unk_token", new AddedToken("<|endoftext|>", false, false, false, true, true));
        defaults.put("pad_token", AddedToken.special("<|endoftext|>"));
        AddedTokens added = AddedTokens.read(config, files, defaults);
        Map<String, Integer> ids = ids(vocabularyFile);
        ClipSubwords subwords = new ClipSubwords(
                ids, merges(mergesFile, ids), BertTokenizers.unknown(added), vocabularyFile.toString());
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        int[] bos = {vocabulary.idOfRole("bos_token")};
        int[] eos = {vocabulary.idOfRole("eos_token")};
        return new PythonTokenizer(
                subwords,
                vocabulary,
                Frame.of(bos, new int[] {eos[0], eos[0]}, new int[0], eos, 0),
                new ClipStyle(),
                new PythonTokenizer.Settings(
                        TokenizerJson.bool(config.path("set_after_loading"), "do_lower_case", false),
                        TokenizerJson.bool(config, "split_special_tokens", false),
                        TokenizerJson.bool(config, "clean_up_tokenization_spaces", true),
                        PythonTokenizer.PrefixSpace.OF_MODEL));
    }

    private static Map<String, Integer> ids(Path file) {
        Map<String, Integer> ids = new HashMap<>();
        Set<Integer> seen = new HashSet<>();
        StrictJson.object(file).properties().forEach(entry -> {
            if (!entry.getValue().isInt()
                    || entry.getValue().intValue() < 0
                    || entry.getValue().intValue() >= 1 << 24
                    || !seen.add(entry.getValue().intValue())) {
                throw new InvalidModelException(file + ": the token \"" + entry.getKey() + "\" has the id "
                        + entry.getValue() + ", not a number of its own below " + (1 << 24) + "; get the file anew");
            }
            ids.put(entry.getKey(), entry.getValue().intValue());
        });
        return ids;
    }

    /** Ranks by the ids of a pair; pairs that are no tokens cannot come up. */
    private static Map<Long, Integer> merges(Path file, Map<String, Integer> ids) {
        Map<Long, Integer> ranks = new HashMap<>();
        List<String> lines = TokenFile.lines(file);
        for (int i = 1; i < lines.size() && i <= MERGES; i++) {
            List<String> pair = PythonText.split(lines.get(i));
            if (pair.isEmpty()) {
                continue;
            }
            if (pair.size() != 2) {
                throw new InvalidModelException(
                        file + ", line " + (i + 1) + ", is no pair of tokens; get the file anew");
            }
            Integer left = ids.get(pair.get(0));
            Integer right = ids.get(pair.get(1));
            if (left == null || right == null || !ids.containsKey(pair.get(0) + pair.get(1))) {
                throw new InvalidModelException(
                        file + ", line " + (i + 1) + ", merges tokens that the vocabulary lacks; get both files anew");
            }
            ranks.putIfAbsent((long) left << 32 | right, i);
        }
        return ranks;
    }
}
