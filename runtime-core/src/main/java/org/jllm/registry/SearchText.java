package org.jllm.registry;

import java.text.Normalizer;
import java.util.Locale;

/** Texts as searches compare them: width, case and the marks between words do not matter. */
final class SearchText {
    private SearchText() {}

    static String of(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\s_/-]+", " ")
                .strip();
    }
}
