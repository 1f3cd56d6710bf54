package org.jllm.embedding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderOutput;

/**
 * Pools the hidden states of a text.
 *
 * @param modes whose vectors are put one after the other
 * @param includePrompt whether the tokens of a prompt count
 */
record Pooler(List<PoolingMode> modes, boolean includePrompt) {
    private static final String MODE = "pooling_mode";

    Pooler {
        modes = List.copyOf(modes);
    }

    static Pooler of(PoolingMode mode) {
        return new Pooler(List.of(mode), true);
    }

    /**
     * Reads a {@code 1_Pooling/config.json}: {@code pooling_mode} is the name of one or a list of several; in older ones each
     * has a flag. The mean where nothing is said.
     *
     * @throws InvalidModelException if a mode is unknown
     */
    static Pooler read(ModelConfig config) {
        List<PoolingMode> modes = new ArrayList<>();
        for (String key : config.textOrTexts(MODE)) {
            modes.add(PoolingMode.of(key)
                    .orElseThrow(() -> new InvalidModelException(config.name() + ": unknown " + MODE + " '" + key
                            + "'; known are "
                            + String.join(
                                    ", ",
                                    Stream.of(PoolingMode.values())
                                            .filter(mode -> mode != PoolingMode.POOLER)
                                            .map(PoolingMode::key)
                                            .toList()))));
        }
        if (modes.isEmpty()) {
            Stream.of(PoolingMode.values())
                    .filter(mode -> !mode.flag().isEmpty() && config.boolOr(mode.flag(), false))
                    .forEach(modes::add);
        }
        if (modes.isEmpty()) {
            modes.add(PoolingMode.MEAN);
        }
        return new Pooler(modes, config.boolOr("include_prompt", true));
    }

    /**
     * What the engine has to compute: what it pools itself, where that is enough.
     *
     * @param skipsPrompt whether there is a prompt that does not count
     * @throws UnsupportedModelException if it does not give that
     */
    Set<EncoderOutput> outputs(EncoderCapabilities engine, boolean skipsPrompt) {
        Set<EncoderOutput> outputs = EnumSet.noneOf(EncoderOutput.class);
        for (PoolingMode mode : modes) {
            outputs.add(
                    mode == PoolingMode.POOLER || !skipsPrompt
                            ? ready(mode, engine.outputs())
                            : EncoderOutput.HIDDEN_STATES);
        }
        if (!engine.outputs().containsAll(outputs)) {
            throw new UnsupportedModelException("the model's vectors cannot be pooled as its files say ("
                    + String.join(", ", modes.stream().map(PoolingMode::key).toList()) + "): it gives "
                    + engine.outputs());
        }
        return outputs;
    }

    private static EncoderOutput ready(PoolingMode mode, Set<EncoderOutput> given) {
        EncoderOutput output = switch (mode) {
            case POOLER -> EncoderOutput.POOLED;
            case MEAN -> EncoderOutput.MEAN;
            case CLS -> EncoderOutput.FIRST;
            default -> EncoderOutput.HIDDEN_STATES;
        };
        return mode == PoolingMode.POOLER || given.contains(output) ? output : EncoderOutput.HIDDEN_STATES;
    }

    /**
     * The vector of a text.
     *
     * @param encoded has the {@link #outputs}
     * @param prompt tokens of the prompt that do not count
     */
    float[] pool(EncodedText encoded, int prompt) {
        List<float[]> parts = modes.stream()
                .map(mode -> {
                    EncoderOutput ready = prompt > 0 && mode != PoolingMode.POOLER
                            ? EncoderOutput.HIDDEN_STATES
                            : ready(mode, encoded.values().keySet());
                    float[][] rows = encoded.rows(ready);
                    return ready == EncoderOutput.HIDDEN_STATES
                            ? mode.of(rows, Math.min(prompt, rows.length - 1))
                            : rows[0];
                })
                .toList();
        return parts.size() == 1 ? parts.get(0) : joined(parts);
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
