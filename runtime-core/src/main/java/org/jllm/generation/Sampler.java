package org.jllm.generation;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.SplittableRandom;
import org.jllm.api.EngineException;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next token of one request. The steps, in this order (that of Hugging Face Transformers, with OpenAI's
 * penalties and bias):
 *
 * <ol>
 *   <li>repetition penalty, once for each distinct token of the prompt and the answer;
 *   <li>presence and frequency penalty, for tokens of the answer: logit − presence − frequency × occurrences;
 *   <li>logit bias; −100 bans a token, and where tokens have 100 only these can be chosen;
 *   <li>temperature; 0 ends here with the greatest logit, the lowest id among equals;
 *   <li>top-k: exactly k tokens, the lower ids among equals;
 *   <li>top-p: the fewest of the most probable tokens whose share of what top-k left is at least p;
 *   <li>min-p: no token less probable than this share of the best.
 * </ol>
 *
 * The best token always stays. Masked tokens have the logit −∞ and are never chosen; tokens of +∞ are chosen before all
 * others, with equal probability.
 *
 * <p>Random numbers come from a generator of the request's own, one for each token, so the same seed gives the same text
 * on the same engine, whatever else runs. Not safe for use by several threads.
 */
public final class Sampler {
    private static final double DEFAULT_TEMPERATURE = 0.7;
    private static final double BAN = -100;
    private static final double FORCE = 100;
    private static final int NONE = -1;
    /** Far more than what rounding does to a weight. */
    private static final double SLACK = 1e-3;

    private final int vocabularySize;
    private final double temperature;
    private final int topK;
    private final double topP;
    private final double minP;
    private final float repeatPenalty;
    private final float presencePenalty;
    private final float frequencyPenalty;
    private final int[] biasIds;
    private final float[] biases;
    private final SplittableRandom random;
    private final Candidates candidates;

    private final BitSet seen = new BitSet();
    private int[] seenIds = new int[64];
    private int seenCount;
    private final int[] occurrences;
    /** Whether logits are changed before a token is chosen. */
    private final boolean changes;

    /**
     * A sampler for one request.
     *
     * @param options all layers merged; what they do not say takes its default
     * @param vocabularySize logits of a row
     * @throws InvalidRequestException if the logit bias names a token outside the vocabulary
     */
    public Sampler(GenerationOptions options, int vocabularySize) {
        this(options, vocabularySize, new Candidates(isGreedy(options) ? 0 : vocabularySize));
    }

    private static boolean isGreedy(GenerationOptions options) {
        return or(options.temperature(), DEFAULT_TEMPERATURE) == 0;
    }

    /** @param candidates scratch of the vocabulary's size, which samplers that take turns can share */
    Sampler(GenerationOptions options, int vocabularySize, Candidates candidates) {
        this.vocabularySize = vocabularySize;
        temperature = or(options.temperature(), DEFAULT_TEMPERATURE);
        topK = or(options.topK(), 0).intValue();
        topP = or(options.topP(), 1.0);
        minP = or(options.minP(), 0.0);
        // As a float it must not become 0.
        repeatPenalty =
                Math.max(Float.MIN_NORMAL, or(options.repeatPenalty(), 1.0).floatValue());
        presencePenalty = or(options.presencePenalty(), 0.0).floatValue();
        frequencyPenalty = or(options.frequencyPenalty(), 0.0).floatValue();
        Map<Integer, Double> bias = or(options.logitBias(), Map.of());
        biasIds = bias.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        biases = new float[biasIds.length];
        for (int i = 0; i < biasIds.length; i++) {
            if (biasIds[i] < 0 || biasIds[i] >= vocabularySize) {
                throw new InvalidRequestException("logit_bias names token " + biasIds[i]
                        + ", but the model's tokens are 0 to " + (vocabularySize - 1));
            }
            biases[i] = or(bias.get(biasIds[i]), 0.0).floatValue();
        }
        Long seed = options.seed();
        random = seed == null ? new SplittableRandom() : new SplittableRandom(seed);
        this.candidates = candidates;
        occurrences = new int[presencePenalty != 0 || frequencyPenalty != 0 ? vocabularySize : 0];
        changes = repeatPenalty != 1 || occurrences.length > 0 || biasIds.length > 0;
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value != null ? value : otherwise;
    }

    /** Tells the tokens of the prompt, which the repetition penalty counts (the other penalties do not). */
    public void prompt(int[] ids) {
        for (int id : ids) {
            see(id);
        }
    }

    /**
     * Chooses a token and records it as generated.
     *
     * @param logits of the whole vocabulary; overwritten
     * @throws EngineException if a logit is not a number, or none of the vocabulary is left to choose from
     * @throws InvalidRequestException if the logit bias bans all that is left
     */
    public int sample(float[] logits) {
        if (logits.length < vocabularySize) {
            throw new IllegalArgumentException(logits.length + " logits for " + vocabularySize + " tokens");
        }
        int best = best(logits);
        if (changes) {
            penalize(logits);
            applyBias(logits);
            best = best(logits);
        }
        if (best == NONE) {
            throw biasIds.length > 0
                    ? new InvalidRequestException("logit_bias bans every token that the model could choose")
                    : new EngineException("every token is masked: the model has nothing left to choose from");
        }
        int id = temperature == 0 ? best : draw(logits, logits[best]);
        see(id);
        if (occurrences.length > 0) {
            occurrences[id]++;
        }
        return id;
    }

    /** The first of the greatest logits, or {@link #NONE} if all are masked. */
    private int best(float[] logits) {
        int best = NONE;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < vocabularySize; id++) {
            float logit = logits[id];
            // So that one comparison finds NaN, too.
            if (!(logit <= greatest)) {
                if (Float.isNaN(logit)) {
                    throw new EngineException("the model computed NaN for token " + id
                            + ": its weights are damaged or too large for this dtype; try --dtype float32");
                }
                greatest = logit;
                best = id;
            }
        }
        return best;
    }

    private void see(int id) {
        if (id < 0 || id >= vocabularySize) {
            throw new IllegalArgumentException("token " + id + " is not in a vocabulary of " + vocabularySize);
        }
        if (!seen.get(id)) {
            seen.set(id);
            if (seenCount == seenIds.length) {
                seenIds = Arrays.copyOf(seenIds, seenCount * 2);
            }
            seenIds[seenCount++] = id;
        }
    }

    private void penalize(float[] logits) {
        for (int i = 0; i < seenCount; i++) {
            int id = seenIds[i];
            float logit = logits[id];
            logit = logit < 0 ? logit * repeatPenalty : logit / repeatPenalty;
            if (occurrences.length > 0 && occurrences[id] > 0) {
                logit -= frequencyPenalty * occurrences[id] + presencePenalty;
            }
            logits[id] = logit;
        }
    }

    private void applyBias(float[] logits) {
        boolean forced = false;
        for (int i = 0; i < biasIds.length; i++) {
            int id = biasIds[i];
            logits[id] = biases[i] == BAN ? Float.NEGATIVE_INFINITY : logits[id] + biases[i];
            forced |= biases[i] == FORCE && logits[id] > Float.NEGATIVE_INFINITY;
        }
        if (forced) {
            int next = 0;
            for (int i = 0; i < biasIds.length; i++) {
                if (biases[i] == FORCE) {
                    Arrays.fill(logits, next, biasIds[i], Float.NEGATIVE_INFINITY);
                    next = biasIds[i] + 1;
                }
            }
            Arrays.fill(logits, next, vocabularySize, Float.NEGATIVE_INFINITY);
        }
    }

    private int draw(float[] logits, float greatest) {
        if (minP > 0 && topP == 1) {
            // What min-p leaves out needs no weight.
            candidates.fill(logits, vocabularySize, (float) (greatest + temperature * (Math.log(minP) - SLACK)));
        } else {
            candidates.fill(logits, vocabularySize);
        }
        if (topK > 0) {
            candidates.keepBest(topK);
        }
        candidates.weigh(greatest, temperature);
        if (topP < 1) {
            candidates.keepNucleus(topP);
        }
        if (minP > 0) {
            candidates.keepAtLeast(minP);
        }
        return candidates.draw(random.nextDouble());
    }
}
