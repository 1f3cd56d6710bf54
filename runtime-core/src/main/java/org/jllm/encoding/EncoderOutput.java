package org.jllm.encoding;

/** What an encoder can tell of a text. Which of them a model has depends on its checkpoint. */
public enum EncoderOutput {
    /** The last hidden states, a row for each token. */
    HIDDEN_STATES(Rows.TOKENS),
    /** The mean of the last hidden states, one row. */
    MEAN(Rows.TEXT),
    /** The last hidden states of the entities, a row for each; only of models that know entities. */
    ENTITY_HIDDEN_STATES(Rows.ENTITIES),
    /** What the pooler makes of the text, one row. */
    POOLED(Rows.TEXT),
    /** Logits over the vocabulary, a row for each position that was asked for. */
    MASKED_LM(Rows.ASKED),
    /** Two logits: the second part of the text follows the first, or does not. */
    SEQUENCE_RELATIONSHIP(Rows.TEXT),
    /** A logit for each label of the text; a single one is a score. */
    TEXT_LABELS(Rows.TEXT),
    /** A logit for each label of a token, a row for each token. */
    TOKEN_LABELS(Rows.TOKENS),
    /** The last hidden states of the first token, one row. */
    FIRST(Rows.TEXT),
    /** The vector that the engine itself makes of the text, as the model's files say, one row. */
    EMBEDDING(Rows.TEXT);

    /** What the rows of an output stand for. */
    public enum Rows {
        TOKENS,
        TEXT,
        ENTITIES,
        ASKED
    }

    private final Rows rows;

    EncoderOutput(Rows rows) {
        this.rows = rows;
    }

    /** What its rows stand for. */
    public Rows rows() {
        return rows;
    }

    /** How many rows it has for a text. */
    public int count(EncoderInput text) {
        return switch (rows) {
            case TOKENS -> text.ids().length;
            case TEXT -> 1;
            case ENTITIES -> text.entities().ids().length;
            case ASKED -> text.asked().length;
        };
    }
}
