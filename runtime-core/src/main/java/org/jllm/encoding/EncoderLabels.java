package org.jllm.encoding;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a classifier: {@code id2label}, or else as many as {@code num_labels} says, which is 2 where it is missing.
 *
 * @param ofTokens whether they are given to tokens and not to texts
 * @param problem {@code problem_type}; null if the file does not say
 */
public record EncoderLabels(
        List<String> names, boolean ofTokens, @Nullable String problem) {
    private static final String FIELD = "id2label";
    private static final int MOST = 1 << 20;

    public EncoderLabels {
        names = List.copyOf(names);
    }

    /**
     * Reads them.
     *
     * @throws InvalidModelException if the file says them wrongly
     */
    public static EncoderLabels read(ModelConfig config) {
        boolean ofTokens =
                config.strings("architectures").stream().anyMatch(name -> name.endsWith("ForTokenClassification"));
        String problem = config.has("problem_type") ? config.stringOr("problem_type", "") : null;
        return new EncoderLabels(names(config), ofTokens, problem);
    }

    /** How many there are. */
    public int count() {
        return names.size();
    }

    private static List<String> names(ModelConfig config) {
        List<String> names = new ArrayList<>();
        JsonNode listed =
                config.object(FIELD).flatMap(given -> config.json(FIELD)).orElse(null);
        if (listed == null) {
            int count = config.intOr("num_labels", 2, 1, MOST);
            for (int i = 0; i < count; i++) {
                names.add("LABEL_" + i);
            }
            return names;
        }
        for (int i = 0; i < listed.size(); i++) {
            JsonNode name = listed.path(Integer.toString(i));
            if (!name.isTextual()) {
                throw new InvalidModelException("config.json: " + FIELD + " must name the labels from 0 to "
                        + (listed.size() - 1) + ", but " + i + (name.isMissingNode() ? " is missing" : " is " + name));
            }
            names.add(name.textValue());
        }
        return names;
    }
}
