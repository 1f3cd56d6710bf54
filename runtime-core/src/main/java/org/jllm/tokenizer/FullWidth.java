package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** Half-width characters made full-width, as the texts were that models over JUMAN's words have read. */
final class FullWidth {
    private static final Pattern KATAKANA = Pattern.compile("[\\uFF61-\\uFF9F]+");
    private static final int OFFSET = '！' - '!';

    private FullWidth() {}

    static String of(String text) {
        String whole =
                KATAKANA.matcher(text).replaceAll(found -> Normalizer.normalize(found.group(), Normalizer.Form.NFKC));
        StringBuilder result = new StringBuilder(whole.length());
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            result.append(c == ' ' ? '\u3000' : c > ' ' && c < 0x7F ? (char) (c + OFFSET) : c);
        }
        return result.toString();
    }
}
