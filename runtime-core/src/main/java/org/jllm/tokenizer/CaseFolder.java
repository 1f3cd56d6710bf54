package org.jllm.tokenizer;

import java.util.List;
import java.util.Locale;

/**
 * Lower-cases a text character by character, but for some strings in it: what {@code PreTrainedTokenizer.tokenize} does
 * with {@code do_lower_case}.
 */
final class CaseFolder {
    private final List<String> kept;

    /** @param kept in the order in which they are looked for */
    CaseFolder(List<String> kept) {
        this.kept = List.copyOf(kept);
    }

    MarkedText fold(MarkedText marked) {
        String text = marked.text();
        MarkedText.Builder result = new MarkedText.Builder(text.length());
        for (int at = 0; at < text.length(); ) {
            int keptLength = keptLength(text, at);
            int length = keptLength > 0 ? keptLength : Character.charCount(text.codePointAt(at));
            String part = text.substring(at, at + length);
            result.append(keptLength > 0 ? part : lower(part), marked.isLiteral(at, at + length));
            at += length;
        }
        return result.build();
    }

    private static String lower(String character) {
        return character.toLowerCase(Locale.ROOT);
    }

    private int keptLength(String text, int at) {
        for (String string : kept) {
            if (text.startsWith(string, at)) {
                return string.length();
            }
        }
        return 0;
    }
}
