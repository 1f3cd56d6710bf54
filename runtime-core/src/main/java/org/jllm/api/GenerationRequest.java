package org.jllm.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and everything that decides what becomes of it.
 *
 * @param options what they do not say, the model's settings decide
 * @param topLogprobs null for no log-probabilities; else those of each token, and of this many of the most probable at its
 *     place, 0 to 20
 * @param promptScoring whether the prompt's tokens get log-probabilities; needs {@code topLogprobs}
 * @param client whom it is for: where many wait, clients with fewer running requests go first
 * @param deadline how long it may take in all, waiting included; null: as long as it needs
 */
public record GenerationRequest(
        Prompt prompt,
        GenerationOptions options,
        @Nullable Integer topLogprobs,
        PromptScoring promptScoring,
        String client,
        @Nullable Duration deadline) {
    /** The most that {@code topLogprobs} may ask for. */
    public static final int MOST_TOP_LOGPROBS = 20;

    public GenerationRequest {
        if (topLogprobs != null && (topLogprobs < 0 || topLogprobs > MOST_TOP_LOGPROBS)) {
            throw new InvalidRequestException(
                    "top_logprobs must be at least 0 and at most " + MOST_TOP_LOGPROBS + ", not " + topLogprobs);
        }
        if (topLogprobs == null && promptScoring != PromptScoring.NONE) {
            throw new InvalidRequestException("log-probabilities of the prompt need top_logprobs");
        }
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new InvalidRequestException("deadline must be above 0, not " + deadline);
        }
    }

    /** A request with the model's own settings. */
    public static GenerationRequest of(Prompt prompt) {
        return of(prompt, GenerationOptions.none());
    }

    /** A request without log-probabilities and deadline. */
    public static GenerationRequest of(Prompt prompt, GenerationOptions options) {
        return new GenerationRequest(prompt, options, null, PromptScoring.NONE, "", null);
    }

    /** This request with log-probabilities of its answer and of so many alternatives. */
    public GenerationRequest withTopLogprobs(int count) {
        return new GenerationRequest(prompt, options, count, promptScoring, client, deadline);
    }

    /** This request with log-probabilities of its prompt. */
    public GenerationRequest withPromptScoring(PromptScoring scoring) {
        return new GenerationRequest(prompt, options, topLogprobs, scoring, client, deadline);
    }

    /** This request on behalf of a client. */
    public GenerationRequest withClient(String name) {
        return new GenerationRequest(prompt, options, topLogprobs, promptScoring, name, deadline);
    }

    /** This request, to be given up after so long. */
    public GenerationRequest withDeadline(@Nullable Duration time) {
        return new GenerationRequest(prompt, options, topLogprobs, promptScoring, client, time);
    }
}
