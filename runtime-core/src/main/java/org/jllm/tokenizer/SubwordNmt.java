package org.jllm.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;

/**
 * The byte-pair encoding of subword-nmt ({@code apply_bpe.py}) by its file of codes: words are cut into pieces, each but the
 * last marked with {@code @@} behind it. Safe for use by several threads.
 */
final class SubwordNmt {
    private static final String WORD_END = "</w>";
    private static final String SEPARATOR = "@@";

    private final Map<String, Integer> symbols = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Long, Long> merges = new HashMap<>();
    /** Whether the last character and its mark are one symbol from the start, as in version 0.2 of the file. */
    private final boolean marksLastCharacter;

    SubwordNmt(Path codes) {
        List<String> lines = TokenFile.lines(codes);
        boolean versioned = !lines.isEmpty() && lines.get(0).startsWith("#version:");
        String version =
                versioned ? lines.get(0).substring("#version:".length()).strip() : "0.1";
        if (!version.equals("0.1") && !version.equals("0.2")) {
            throw new InvalidModelException(codes + " has the version " + version + ", not 0.1 or 0.2");
        }
        marksLastCharacter = version.equals("0.2");
        for (int i = versioned ? 1 : 0; i < lines.size(); i++) {
            String[] pair = lines.get(i).strip().split(" ", -1);
            if (pair.length == 1 && pair[0].isEmpty() && i == lines.size() - 1) {
                break;
            }
            if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) {
                throw new InvalidModelException(codes + ", line " + (i + 1) + ", is no pair; get the file anew");
            }
            long key = (long) symbol(pair[0]) << 32 | symbol(pair[1]);
            merges.putIfAbsent(key, PairMerger.pair(i, symbol(pair[0] + pair[1])));
        }
    }

    private int symbol(String name) {
        Integer known = symbols.get(name);
        if (known != null) {
            return known;
        }
        names.add(name);
        symbols.put(name, names.size() - 1);
        return names.size() - 1;
    }

    /** What a piece is in a text. */
    static String surface(String piece) {
        return piece.replace(SEPARATOR, "");
    }

    /** The pieces of a word. */
    List<String> pieces(String word) {
        if (word.isEmpty()) {
            return List.of();
        }
        List<String> letters = new ArrayList<>();
        word.codePoints().forEach(c -> letters.add(Character.toString(c)));
        if (marksLastCharacter) {
            letters.set(letters.size() - 1, letters.get(letters.size() - 1) + WORD_END);
        } else {
            letters.add(WORD_END);
        }
        // Characters that occur in no code get numbers below zero.
        int[] given = new int[letters.size()];
        for (int i = 0; i < given.length; i++) {
            given[i] = symbols.getOrDefault(letters.get(i), -1 - i);
        }
        List<String> pieces = new ArrayList<>();
        for (int symbol : PairMerger.mergeTogether(
                given,
                (left, right, from, to) -> left < 0 || right < 0
                        ? PairMerger.NONE
                        : merges.getOrDefault((long) left << 32 | right, (long) PairMerger.NONE))) {
            pieces.add(symbol < 0 ? letters.get(-1 - symbol) : names.get(symbol));
        }
        int last = pieces.size() - 1;
        if (pieces.get(last).equals(WORD_END)) {
            pieces.remove(last--);
        } else if (pieces.get(last).endsWith(WORD_END)) {
            pieces.set(last, pieces.get(last).substring(0, pieces.get(last).length() - WORD_END.length()));
        }
        for (int i = 0; i < last; i++) {
            pieces.set(i, pieces.get(i) + SEPARATOR);
        }
        return pieces;
    }
}
