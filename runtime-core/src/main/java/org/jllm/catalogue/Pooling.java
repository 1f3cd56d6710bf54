package org.jllm.catalogue;

import java.util.Locale;

/** How the vectors of the tokens become that of the text. */
public enum Pooling {
    /** The vector of the first token. */
    CLS,
    /** The vector of the first token, through the dense layer of the repository. */
    CLS_DENSE,
    /** The mean over all tokens. */
    MEAN,
    /** What the encoder's own pooler makes of the first token. */
    POOLER,
    /** One vector a token, compared token by token (late interaction). */
    TOKENS;

    /** As the catalogue writes it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
