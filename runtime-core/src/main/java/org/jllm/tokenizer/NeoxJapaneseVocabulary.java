package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.StrictJson;

/**
 * The vocabulary of GPT-NeoX Japanese: a line an id, with the variants of a word separated by commas, and a table of
 * emoji. The name of a token is its text, as in Transformers.
 */
final class NeoxJapaneseVocabulary {
    private static final String EMOJI = "<|emoji";
    private static final String BYTE = "<|byte";
    /** The file has no token for 0xFF, which UTF-8 does not have either. */
    private static final int BYTES = 255;

    private static final Map<String, String> TEXTS =
            Map.of("<SP>", " ", "<BR>", "\n", "<TAB>", "\t", "<BLOCK>", "▀", "<KIGOU>", "ǀ", "<U2000U2BFF>", "‖");

    /** Variants of words to their id; of equal ones the last counts. */
    final Map<String, Integer> ids = new HashMap<>();
    /** The first variant of each id. */
    final List<String> words = new ArrayList<>();
    /** In the order in which they are replaced. */
    final Map<String, String> emoji = new LinkedHashMap<>();

    final int longest;
    /** Different lines. */
    final int lines;

    private final Map<String, String> emojiBack = new HashMap<>();

    NeoxJapaneseVocabulary(Path vocabularyFile, Path emojiFile) {
        Set<String> different = new HashSet<>();
        int most = 0;
        for (String line : TokenFile.lines(vocabularyFile)) {
            different.add(line);
            String[] variants = line.indexOf(',') < 0 ? new String[] {line} : line.split(",", -1);
            for (String variant : variants) {
                ids.put(variant, words.size());
                most = Math.max(most, variant.codePointCount(0, variant.length()));
            }
            words.add(variants[0]);
        }
        lines = different.size();
        longest = most;
        ObjectNode tables = StrictJson.object(emojiFile);
        read(tables.path("emoji"), emoji, emojiFile);
        read(tables.path("emoji_inv"), emojiBack, emojiFile);
        for (int b = 0; b < BYTES; b++) {
            require(BYTE + b + "|>", vocabularyFile);
        }
        require("<KIGOU>", vocabularyFile);
        require("<U2000U2BFF>", vocabularyFile);
    }

    private void require(String token, Path file) {
        if (!ids.containsKey(token)) {
            throw new InvalidModelException(file + " has no token \"" + token + "\"; get the file anew");
        }
    }

    private static void read(JsonNode table, Map<String, String> target, Path file) {
        if (!table.isObject()) {
            throw new InvalidModelException(file + " lacks the tables emoji and emoji_inv; get the file anew");
        }
        table.properties().forEach(entry -> {
            if (!entry.getKey().isEmpty()) {
                target.put(entry.getKey(), entry.getValue().asText());
            }
        });
    }

    /** The byte that an id stands for, or a negative number. */
    int byteValue(int id) {
        return byteValue(words.get(id));
    }

    private static int byteValue(String word) {
        if (!word.startsWith(BYTE) || !word.endsWith("|>")) {
            return -1;
        }
        try {
            int value = Integer.parseInt(word.substring(BYTE.length(), word.length() - 2));
            return value >= 0 && value < 256 ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** What an id is written as; half a character is U+FFFD. */
    String text(int id) {
        String word = words.get(id);
        int value = byteValue(word);
        if (value >= 0) {
            return value < 0x80 ? String.valueOf((char) value) : Utf8.REPLACEMENT;
        }
        return word.startsWith(EMOJI) && word.endsWith("|>")
                ? emojiBack.getOrDefault(word, word)
                : TEXTS.getOrDefault(word, word);
    }
}
