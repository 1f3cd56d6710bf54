package org.jllm.cli;

import java.util.List;
import org.jllm.api.GenerationOptions;
import org.jllm.chat.ChatSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how a text is generated. */
final class GenerationFlags extends Flags {
    @Option(names = "--temperature", paramLabel = "T", description = "0 takes the most probable token always.")
    @Nullable
    String temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Choose among the K most probable tokens.")
    @Nullable
    String topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Choose among the tokens that make up this probability.")
    @Nullable
    String topP;

    @Option(names = "--min-p", paramLabel = "P", description = "Drop tokens below this share of the best one.")
    @Nullable
    String minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "R",
            description = "Above 1, tokens that occurred are less likely.")
    @Nullable
    String repeatPenalty;

    @Option(names = "--presence-penalty", paramLabel = "X", description = "Subtracted from tokens of the answer.")
    @Nullable
    String presencePenalty;

    @Option(names = "--frequency-penalty", paramLabel = "X", description = "The same, for each occurrence.")
    @Nullable
    String frequencyPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Makes the random choices repeatable.")
    @Nullable
    String seed;

    @Option(names = "--max-tokens", paramLabel = "N", description = "The longest answer.")
    @Nullable
    String maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text; may be given several times.")
    @Nullable
    List<String> stop;

    @Override
    void collect() {
        put("temperature", temperature);
        put("top_k", topK);
        put("top_p", topP);
        put("min_p", minP);
        put("repeat_penalty", repeatPenalty);
        put("presence_penalty", presencePenalty);
        put("frequency_penalty", frequencyPenalty);
        put("seed", seed);
        put("max_tokens", maxTokens);
    }

    GenerationOptions options() {
        if (stop != null && stop.contains("")) {
            throw usageError("--stop must not be empty");
        }
        return new GenerationOptions(null, null, null, null, null, null, null, null, null, null, stop)
                .orElse(settings().generation());
    }

    /** The same for a chat, in which they can be changed. */
    ChatSettings chatSettings() {
        return new ChatSettings(texts(), stop == null ? List.of() : stop);
    }
}
