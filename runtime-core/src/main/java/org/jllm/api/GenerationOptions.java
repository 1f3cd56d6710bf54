package org.jllm.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to sample and when to stop. A component that is null means "not said here": the next layer of settings decides
 * (request, environment, the user's configuration, catalogue, {@code generation_config.json}, default).
 *
 * @param temperature 0 (greedy) to 100; default 0.7
 * @param topK keep the k most probable tokens, 0 keeps all; default 0
 * @param topP keep the most probable tokens whose probabilities sum to p, 0 &lt; p ≤ 1; default 1
 * @param minP drop tokens less probable than this share of the best one, 0 to 1; default 0
 * @param repeatPenalty divides positive and multiplies negative logits of tokens that occurred (Keskar et al. 2019),
 *     above 0; default 1
 * @param presencePenalty is subtracted from the logits of generated tokens, -2 to 2; default 0
 * @param frequencyPenalty is subtracted once per occurrence among the generated tokens, -2 to 2; default 0
 * @param logitBias token id to a number that is added to its logit, -100 to 100
 * @param seed of the random numbers; without one each request draws its own
 * @param maxTokens the most tokens to generate, at least 1; default: until the context is full
 * @param stop strings that end the text and are not part of it; none of them empty
 */
public record GenerationOptions(
        @Nullable Double temperature,
        @Nullable Integer topK,
        @Nullable Double topP,
        @Nullable Double minP,
        @Nullable Double repeatPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Map<Integer, Double> logitBias,
        @Nullable Long seed,
        @Nullable Integer maxTokens,
        @Nullable List<String> stop) {

    private static final GenerationOptions NONE = builder().build();

    public GenerationOptions {
        check("temperature", temperature, 0, 100);
        check("top_k", topK, 0, Integer.MAX_VALUE);
        check("top_p", topP, Double.MIN_VALUE, 1);
        check("min_p", minP, 0, 1);
        check("repeat_penalty", repeatPenalty, Double.MIN_VALUE, 100);
        check("presence_penalty", presencePenalty, -2, 2);
        check("frequency_penalty", frequencyPenalty, -2, 2);
        check("max_tokens", maxTokens, 1, Integer.MAX_VALUE);
        if (logitBias != null) {
            logitBias = Map.copyOf(logitBias);
            logitBias.forEach((id, bias) -> check("logit_bias of token " + id, bias, -100, 100));
        }
        if (stop != null) {
            stop = List.copyOf(stop);
            if (stop.contains("")) {
                throw new InvalidRequestException("a stop string must not be empty");
            }
        }
    }

    private static void check(String name, @Nullable Number value, double least, double most) {
        // Written so that NaN fails too.
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            String lower = least == Double.MIN_VALUE ? "above 0" : "at least " + plain(least);
            String upper = most == Integer.MAX_VALUE ? "" : " and at most " + plain(most);
            throw new InvalidRequestException(name + " must be " + lower + upper + ", not " + value);
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Options to be said one by one. */
    public static GenerationOptionsBuilder builder() {
        return new GenerationOptionsBuilder();
    }

    /** Options that say nothing. */
    public static GenerationOptions none() {
        return NONE;
    }

    /** Options that say nothing but the temperature. */
    public static GenerationOptions temperature(double temperature) {
        return builder().temperature(temperature).build();
    }

    /** These options, with what they do not say taken from {@code lower}. */
    public GenerationOptions orElse(GenerationOptions lower) {
        return new GenerationOptions(
                first(temperature, lower.temperature),
                first(topK, lower.topK),
                first(topP, lower.topP),
                first(minP, lower.minP),
                first(repeatPenalty, lower.repeatPenalty),
                first(presencePenalty, lower.presencePenalty),
                first(frequencyPenalty, lower.frequencyPenalty),
                first(logitBias, lower.logitBias),
                first(seed, lower.seed),
                first(maxTokens, lower.maxTokens),
                first(stop, lower.stop));
    }

    private static <T> @Nullable T first(@Nullable T upper, @Nullable T lower) {
        return upper != null ? upper : lower;
    }
}
