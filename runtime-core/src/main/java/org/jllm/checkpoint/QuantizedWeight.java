package org.jllm.checkpoint;

/** A matrix whose numbers are stored in few bits. */
public sealed interface QuantizedWeight extends Weight permits GptqWeight, FourBitWeight, EightBitWeight {
    /** The kind of quantisation and its numbers, for people: {@code GPTQ 4-bit, groups of 128}. */
    String form();
}
