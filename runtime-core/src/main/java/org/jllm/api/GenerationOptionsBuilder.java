package org.jllm.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects {@link GenerationOptions}; what is not called is not said. Ranges are those of the record and are checked by
 * {@link #build}. For use by one thread.
 */
public final class GenerationOptionsBuilder {
    private @Nullable Double temperature;
    private @Nullable Integer topK;
    private @Nullable Double topP;
    private @Nullable Double minP;
    private @Nullable Double repeatPenalty;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Map<Integer, Double> logitBias;
    private @Nullable Long seed;
    private @Nullable Integer maxTokens;
    private @Nullable List<String> stop;

    GenerationOptionsBuilder() {}

    /** 0 is greedy. */
    public GenerationOptionsBuilder temperature(double value) {
        temperature = value;
        return this;
    }

    /** 0 keeps all tokens. */
    public GenerationOptionsBuilder topK(int value) {
        topK = value;
        return this;
    }

    /** 1 keeps all tokens. */
    public GenerationOptionsBuilder topP(double value) {
        topP = value;
        return this;
    }

    /** 0 keeps all tokens. */
    public GenerationOptionsBuilder minP(double value) {
        minP = value;
        return this;
    }

    /** 1 is none. */
    public GenerationOptionsBuilder repeatPenalty(double value) {
        repeatPenalty = value;
        return this;
    }

    /** 0 is none. */
    public GenerationOptionsBuilder presencePenalty(double value) {
        presencePenalty = value;
        return this;
    }

    /** 0 is none. */
    public GenerationOptionsBuilder frequencyPenalty(double value) {
        frequencyPenalty = value;
        return this;
    }

    /** Token id to a number that is added to its logit. */
    public GenerationOptionsBuilder logitBias(Map<Integer, Double> biases) {
        logitBias = Map.copyOf(biases);
        return this;
    }

    /** The same seed, prompt and options give the same text. */
    public GenerationOptionsBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** The most tokens to generate. */
    public GenerationOptionsBuilder maxTokens(int value) {
        maxTokens = value;
        return this;
    }

    /** Strings that end the text; none: nothing but the model itself ends it, whatever lower settings say. */
    public GenerationOptionsBuilder stop(String... strings) {
        stop = List.of(strings);
        return this;
    }

    /**
     * The options.
     *
     * @throws InvalidRequestException if a value is out of range
     */
    public GenerationOptions build() {
        return new GenerationOptions(
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                presencePenalty,
                frequencyPenalty,
                logitBias,
                seed,
                maxTokens,
                stop);
    }
}
