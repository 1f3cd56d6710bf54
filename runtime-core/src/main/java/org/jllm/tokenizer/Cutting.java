package org.jllm.tokenizer;

import java.util.List;
import org.jllm.tokenizer.words.Analyser;

/** How a text is cut into words before a tokenizer, which knows nothing of words, gets it. */
enum Cutting {
    /** It is not. */
    NONE {
        @Override
        String words(String text, Analyser analyser) {
            return text;
        }
    },
    /** Full-width words with spaces between them. */
    FULL_WIDTH {
        @Override
        String words(String text, Analyser analyser) {
            return String.join(" ", analyser.words(FullWidth.of(text)));
        }
    },
    /** Words that are found in the full-width text, but stay as they are written, with {@link #BETWEEN} between them. */
    AS_WRITTEN {
        @Override
        String words(String text, Analyser analyser) {
            WideText wide = WideText.of(text.replace(BETWEEN, INSTEAD).replace("\0", INSTEAD));
            List<String> words = analyser.words(
                    PythonText.stripRight(MarkedText.of(wide.text())).text());
            return String.join(BETWEEN, wide.originals(words));
        }
    };

    /** Is no character, so that no vocabulary has it. */
    static final String BETWEEN = "\uFDD0";

    /** Another such; stands for the first where a text has it, and for NUL, which no analyser takes. */
    private static final String INSTEAD = "\uFDD1";

    abstract String words(String text, Analyser analyser);
}
