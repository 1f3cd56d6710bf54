package org.jllm.bench;

import java.util.Locale;

/** What a run measures; more is better. */
public enum Metric {
    /** Tokens of a prompt a second, until the first token of the answer is there. */
    PREFILL_TOKENS_PER_SECOND,
    /** Tokens of one text a second after its first. */
    DECODE_TOKENS_PER_SECOND,
    /** Generated tokens of all texts together a second, from the first request to the last token. */
    TOGETHER_TOKENS_PER_SECOND,
    SENTENCES_PER_SECOND;

    /** The name for programs, with its unit. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
