package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the Python tokenizers do with strings, where Java does otherwise. */
public final class PythonText {
    /** Class 1. */
    private static final String LOWEST_CLASS = "\u0334";
    /** Class 240. */
    private static final String HIGHEST_CLASS = "\u0345";

    private static final Pattern OTHER_DIGITS = Pattern.compile("[²³¹፩-፱᧚⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒"
            + "\\x{10A40}-\\x{10A43}\\x{10E60}-\\x{10E68}\\x{11052}-\\x{1105A}\\x{1F100}-\\x{1F10A}]");

    private PythonText() {}

    /** {@code str.isspace}. */
    public static boolean isSpace(int c) {
        return (c >= 0x09 && c <= 0x0D)
                || (c >= 0x1C && c <= 0x20)
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** {@code str.isdigit}: decimal digits, and those that stand in a circle, above the line or the like. */
    static boolean isDigit(int c) {
        return Character.isDigit(c)
                || (c >= 0xB2 && OTHER_DIGITS.matcher(Character.toString(c)).matches());
    }

    /** {@code str.split} without arguments: the words between white space. */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isSpace(text.charAt(i))) {
                if (i > start) {
                    words.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return words;
    }

    /** {@code str.strip} without arguments. */
    static String strip(String text) {
        return stripRight(stripLeft(MarkedText.of(text))).text();
    }

    /** A text without the characters for which {@code unicodedata.combining} is not 0. */
    static String withoutCombining(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isCombining(c)).forEach(result::appendCodePoint);
        return result.toString();
    }

    /**
     * Whether a character has a canonical combining class. The JDK does not tell, but it sorts by it: such a character changes
     * places with one of the lowest class behind it, or of the highest before it.
     */
    private static boolean isCombining(int c) {
        if (!isMark(c)) {
            return false;
        }
        String mark = Character.toString(c);
        return !isSorted(mark + LOWEST_CLASS) || !isSorted(HIGHEST_CLASS + mark);
    }

    private static boolean isSorted(String marks) {
        return Normalizer.isNormalized(marks, Normalizer.Form.NFD);
    }

    static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    static MarkedText stripLeft(MarkedText text) {
        int start = 0;
        while (start < text.text().length() && isSpace(text.text().charAt(start))) {
            start++;
        }
        return text.subText(start, text.text().length());
    }

    static MarkedText stripRight(MarkedText text) {
        int end = text.text().length();
        while (end > 0 && isSpace(text.text().charAt(end - 1))) {
            end--;
        }
        return text.subText(0, end);
    }
}
