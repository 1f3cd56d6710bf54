package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A text made full-width as the Python library mojimoji does it ({@code han_to_zen}, versions to 0.0.12), with a memory of where
 * each char came from. Straight quotes and the backquote become curly ones; a backslash stays.
 */
final class WideText {
    private static final int OFFSET = '！' - '!';
    private static final char FIRST_KATAKANA = '\uFF61';
    private static final char VOICED = '\uFF9E';
    private static final char HALF_VOICED = '\uFF9F';

    private final String original;
    private final StringBuilder wide;
    /** For each char where it begins in the original, and the end of that. */
    private final int[] starts;

    private WideText(String original) {
        this.original = original;
        wide = new StringBuilder(original.length());
        starts = new int[original.length() + 1];
        for (int i = 0; i < original.length(); i++) {
            char c = original.charAt(i);
            char joined = i == 0 ? 0 : joined(original.charAt(i - 1), c);
            if (joined != 0) {
                wide.setCharAt(wide.length() - 1, joined);
            } else {
                starts[wide.length()] = i;
                wide.append(wide(c));
            }
        }
        starts[wide.length()] = original.length();
    }

    static WideText of(String text) {
        return new WideText(text);
    }

    /** The full-width text. */
    String text() {
        return wide.toString();
    }

    /** A half-width katakana and the voicing mark behind it as one; 0 for any others. */
    private static char joined(char letter, char mark) {
        if ((mark != VOICED && mark != HALF_VOICED) || letter < 'ｱ' || letter > 'ﾎ') {
            return 0;
        }
        String whole = Normalizer.normalize("" + letter + mark, Normalizer.Form.NFKC);
        return whole.length() == 1 ? whole.charAt(0) : 0;
    }

    private static char wide(char c) {
        return switch (c) {
            case ' ' -> '\u3000';
            case '"' -> '”';
            case '\'' -> '’';
            case '`' -> '‘';
            case '¥' -> '￥';
            case '\\' -> c;
            case VOICED -> '゛';
            case HALF_VOICED -> '゜';
            default ->
                c > ' ' && c < 0x7F
                        ? (char) (c + OFFSET)
                        : c >= FIRST_KATAKANA && c < VOICED
                                ? Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKC)
                                        .charAt(0)
                                : c;
        };
    }

    /**
     * What words of the full-width text are in the original. As in the reference, which aligns both texts by their compatibility
     * decompositions, signs that became curly quotes are in no word, and cut the one around them.
     *
     * @param words in their order; what is between them is left out
     */
    List<String> originals(List<String> words) {
        List<String> originals = new ArrayList<>(words.size());
        int at = 0;
        for (String word : words) {
            int found = word.isEmpty() ? -1 : wide.indexOf(word, at);
            if (found < 0) {
                continue;
            }
            at = found + word.length();
            int start = found;
            for (int i = found; i <= at; i++) {
                if (i == at || "\"'`".indexOf(original.charAt(starts[i])) >= 0) {
                    if (i > start) {
                        originals.add(original.substring(starts[start], starts[i]));
                    }
                    start = i + 1;
                }
            }
        }
        return originals;
    }
}
