package org.jllm.tokenizer;

/** What the Python tokenizers do with strings, where Java does otherwise. */
public final class PythonText {
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

    /** {@code clean_up_tokenization} of Transformers. */
    static String cleanUpSpaces(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
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
