package org.jllm.tokenizer;

/**
 * {@code clean_up_tokenization} of Transformers for a text that comes in parts: it takes out spaces before punctuation and
 * English contractions. Whatever it takes out begins with a space and has at most three other characters, so a space is
 * held back until three others or one that occurs in no rule follow.
 */
final class SpaceCleaner {
    private static final int LONGEST = 3;
    private static final String IN_RULES = " .?!,'ntmsver";

    private final StringBuilder held = new StringBuilder();

    String next(String text) {
        held.append(text);
        return isSafe() ? finish() : "";
    }

    String finish() {
        String text = clean(held.toString());
        held.setLength(0);
        return text;
    }

    private boolean isSafe() {
        int length = held.length();
        int space = held.lastIndexOf(" ");
        return space < 0 || length - space > LONGEST || IN_RULES.indexOf(held.charAt(length - 1)) < 0;
    }

    static String clean(String text) {
        if (text.indexOf(' ') < 0) {
            return text;
        }
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

    /** A detokenizer whose text is cleaned up. */
    static Detokenizer over(Detokenizer detokenizer) {
        SpaceCleaner cleaner = new SpaceCleaner();
        return new Detokenizer() {
            @Override
            public String next(int id) {
                return cleaner.next(detokenizer.next(id));
            }

            @Override
            public String finish() {
                return cleaner.next(detokenizer.finish()) + cleaner.finish();
            }
        };
    }
}
