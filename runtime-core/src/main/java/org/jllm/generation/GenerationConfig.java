package org.jllm.generation;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * What a repository says about generation: {@code generation_config.json}, and the end tokens of {@code config.json}
 * where that file does not name any. {@code do_sample: false} means temperature 0 where it is written; absent, it says
 * nothing. {@code max_length} is not read: it counts the prompt, and the value that Transformers writes is a class default.
 */
public final class GenerationConfig {
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final String CONFIG = "config.json";
    private static final String EOS = "eos_token_id";

    private final GenerationOptions options;
    private final Set<Integer> eosIds;

    private GenerationConfig(GenerationOptions options, Set<Integer> eosIds) {
        this.options = options;
        this.eosIds = Set.copyOf(eosIds);
    }

    /** One that says nothing. */
    public static GenerationConfig none() {
        return new GenerationConfig(GenerationOptions.none(), Set.of());
    }

    /**
     * Reads a repository's folder; files that are not there say nothing.
     *
     * @throws InvalidModelException if a file cannot be read, is no JSON object, or a value is of the wrong type or range
     */
    public static GenerationConfig read(Path folder) {
        Source generation = Source.read(folder.resolve(GENERATION_CONFIG));
        Set<Integer> eosIds = generation.ids(EOS);
        if (eosIds.isEmpty()) {
            eosIds = Source.read(folder.resolve(CONFIG)).ids(EOS);
        }
        return new GenerationConfig(options(generation), eosIds);
    }

    /** The settings that the repository gives. */
    public GenerationOptions options() {
        return options;
    }

    /** The tokens that end a text; possibly none. */
    public Set<Integer> eosIds() {
        return eosIds;
    }

    private static GenerationOptions options(Source source) {
        Double temperature = source.number("temperature");
        if (Boolean.FALSE.equals(source.flag("do_sample"))) {
            temperature = 0.0;
        }
        try {
            return new GenerationOptions(
                    temperature,
                    source.integer("top_k"),
                    source.number("top_p"),
                    source.number("min_p"),
                    source.number("repetition_penalty"),
                    null,
                    null,
                    null,
                    null,
                    source.integer("max_new_tokens"),
                    null);
        } catch (InvalidRequestException e) {
            throw new InvalidModelException(source.file + ": " + e.getMessage(), e);
        }
    }

    /** A JSON object with the file it comes from. */
    private record Source(Path file, JsonNode object) {
        static Source read(Path file) {
            return new Source(file, StrictJson.objectOrEmpty(file));
        }

        @Nullable
        Double number(String key) {
            JsonNode node = get(key, JsonNode::isNumber, "a number");
            return node == null ? null : node.doubleValue();
        }

        @Nullable
        Integer integer(String key) {
            JsonNode node = get(key, Source::isInt, "an integer");
            return node == null ? null : node.intValue();
        }

        @Nullable
        Boolean flag(String key) {
            JsonNode node = get(key, JsonNode::isBoolean, "true or false");
            return node == null ? null : node.booleanValue();
        }

        /** Negative ids, which some files have for "none", are left out. */
        Set<Integer> ids(String key) {
            JsonNode node = get(key, Source::isIds, "a token id or a list of them");
            Set<Integer> ids = new LinkedHashSet<>();
            if (node != null) {
                (node.isArray() ? node : List.of(node)).forEach(id -> {
                    if (id.intValue() >= 0) {
                        ids.add(id.intValue());
                    }
                });
            }
            return ids;
        }

        private static boolean isIds(JsonNode node) {
            if (node.isArray()) {
                for (JsonNode element : node) {
                    if (!isInt(element)) {
                        return false;
                    }
                }
                return true;
            }
            return isInt(node);
        }

        private static boolean isInt(JsonNode node) {
            return node.isIntegralNumber() && node.canConvertToInt();
        }

        private @Nullable JsonNode get(String key, Predicate<JsonNode> fits, String expected) {
            JsonNode node = object.get(key);
            if (node == null || node.isNull()) {
                return null;
            }
            if (!fits.test(node)) {
                String found = node.toString();
                throw new InvalidModelException(file + ": " + key + " must be " + expected + ", not "
                        + (found.length() > 60 ? found.substring(0, 60) + "…" : found));
            }
            return node;
        }
    }
}
