package org.jllm.tokenizer;

import java.util.BitSet;

/** An algorithm of sentencepiece that cuts normalised text into pieces. Safe for use by several threads. */
@FunctionalInterface
interface Segmenter {
    /**
     * Cuts a text.
     *
     * @param notInLiteral ids that a piece with literal text in it must not get
     */
    Segmentation segment(NormalizedText text, BitSet notInLiteral);
}
