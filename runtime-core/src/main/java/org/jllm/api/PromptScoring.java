package org.jllm.api;

/** Whether the tokens of the prompt are given log-probabilities, too. */
public enum PromptScoring {
    /** Only the tokens of the answer, if any. */
    NONE,
    /** Those of the prompt before those of the answer. */
    WITH_ANSWER,
    /** Those of the prompt; nothing is generated. */
    ONLY
}
