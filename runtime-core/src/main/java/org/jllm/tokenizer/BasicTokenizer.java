package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits a text into words at white space and punctuation, and around Chinese characters: {@code BasicTokenizer} of
 * Transformers. Safe for use by several threads.
 *
 * @param lowerCase words are lower-cased
 * @param setChineseApart each Chinese character becomes a word
 * @param stripAccents combining marks are taken off
 * @param splitPunctuation each punctuation character becomes a word
 * @param neverSplit words that stay as they are
 */
record BasicTokenizer(
        boolean lowerCase,
        boolean setChineseApart,
        boolean stripAccents,
        boolean splitPunctuation,
        Set<String> neverSplit) {

    /** Chars {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    interface Span {
        void accept(int from, int to);
    }

    BasicTokenizer {
        neverSplit = Set.copyOf(neverSplit);
    }

    /** @param alsoWhole words that stay as they are, besides {@link #neverSplit} */
    List<String> words(String text, Set<String> alsoWhole) {
        List<String> words = new ArrayList<>();
        for (String word : PythonText.split(Normalizer.normalize(clean(text), Normalizer.Form.NFC))) {
            if (neverSplit.contains(word) || alsoWhole.contains(word)) {
                words.add(word);
                continue;
            }
            String folded = lowerCase ? word.toLowerCase(Locale.ROOT) : word;
            String plain = stripAccents ? withoutAccents(folded) : folded;
            if (splitPunctuation && !neverSplit.contains(plain) && !alsoWhole.contains(plain)) {
                splitPunctuation(plain, (from, to) -> words.add(plain.substring(from, to)));
            } else if (!plain.isEmpty()) {
                words.add(plain);
            }
        }
        return words;
    }

    private String clean(String text) {
        StringBuilder result = new StringBuilder(text.length() + text.length() / 2);
        text.codePoints().filter(c -> c != 0 && c != 0xFFFD && !isControl(c)).forEach(c -> {
            if (isWhitespace(c)) {
                result.append(' ');
            } else if (setChineseApart && isChinese(c)) {
                result.append(' ').appendCodePoint(c).append(' ');
            } else {
                result.appendCodePoint(c);
            }
        });
        return result.toString();
    }

    private static String withoutAccents(String text) {
        StringBuilder result = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    /** Each punctuation character, and what is between. */
    static void splitPunctuation(String text, Span span) {
        int start = 0;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            if (isPunctuation(c)) {
                if (start < at) {
                    span.accept(start, at);
                }
                span.accept(at, end);
                start = end;
            }
            at = end;
        }
        if (start < text.length()) {
            span.accept(start, text.length());
        }
    }

    static boolean isWhitespace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    static boolean isControl(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    static boolean isPunctuation(int c) {
        if ((c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126)) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean isChinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }
}
