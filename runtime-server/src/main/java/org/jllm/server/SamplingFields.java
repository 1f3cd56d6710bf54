package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Reads how to sample and when to stop. */
final class SamplingFields {
    /** Accepted without effect. */
    static final List<String> IGNORED =
            List.of("user", "store", "metadata", "service_tier", "safety_identifier", "prompt_cache_key");

    private static final List<String> CHECKED_BY_OPTIONS = List.of(
            "temperature",
            "top_k",
            "top_p",
            "min_p",
            "repeat_penalty",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias");

    private SamplingFields() {}

    /** The options, with the seed as it is: choice i adds i. */
    static GenerationOptions read(Fields fields, RequestLimits limits, @Nullable Integer maxTokens) {
        Double temperature = fields.number("temperature");
        Integer topK = fields.integer("top_k");
        Double topP = topP(fields);
        Double minP = fields.number("min_p");
        Double repeatPenalty = same(fields, "repeat_penalty", "repetition_penalty", fields::number);
        Double presencePenalty = fields.number("presence_penalty");
        Double frequencyPenalty = fields.number("frequency_penalty");
        Map<Integer, Double> bias = bias(fields, limits);
        Long seed = fields.seed("seed");
        List<String> stop = stop(fields, limits);
        try {
            return new GenerationOptions(
                    temperature,
                    topK,
                    topP,
                    minP,
                    repeatPenalty,
                    presencePenalty,
                    frequencyPenalty,
                    bias,
                    seed,
                    maxTokens,
                    stop);
        } catch (InvalidRequestException e) {
            String message = String.valueOf(e.getMessage());
            throw new ApiException(400, message, field(message), null);
        }
    }

    /** The field that an error of the options is about, or null. */
    static @Nullable String field(String message) {
        return CHECKED_BY_OPTIONS.stream()
                .filter(name -> message.startsWith(name + " "))
                .findFirst()
                .orElse(null);
    }

    /** 0 is in the range of the protocol, and leaves the best token as every small number does. */
    private static @Nullable Double topP(Fields fields) {
        Double topP = fields.number("top_p");
        return topP != null && topP == 0 ? Double.valueOf(Double.MIN_VALUE) : topP;
    }

    /** Reads a field that goes by two names. */
    static <T> @Nullable T same(
            Fields fields, String name, String other, java.util.function.Function<String, @Nullable T> reader) {
        T first = reader.apply(name);
        T second = reader.apply(other);
        if (first != null && second != null && !first.equals(second)) {
            throw ApiException.field(other, "and " + name + " mean the same and differ: send one of them");
        }
        return first != null ? first : second;
    }

    private static @Nullable Map<Integer, Double> bias(Fields fields, RequestLimits limits) {
        JsonNode value = fields.value("logit_bias");
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            throw Fields.wrong("logit_bias", "an object of token ids and numbers", value);
        }
        atMost("logit_bias", value.size(), limits.biases(), "entries");
        Map<Integer, Double> bias = new HashMap<>();
        value.properties().forEach(entry -> {
            if (!entry.getKey().matches("0|[1-9][0-9]{0,8}")) {
                throw ApiException.field(
                        "logit_bias", "must have token ids as names, not '" + Json.bounded(entry.getKey()) + "'");
            }
            bias.put(Integer.valueOf(entry.getKey()), Fields.number(entry.getValue(), "logit_bias"));
        });
        return bias;
    }

    private static @Nullable List<String> stop(Fields fields, RequestLimits limits) {
        JsonNode value = fields.value("stop");
        if (value == null) {
            return null;
        }
        List<String> stops = new ArrayList<>();
        if (value.isArray()) {
            atMost("stop", value.size(), limits.stops(), "strings");
            value.forEach(each -> stops.add(Fields.text(each, "stop")));
        } else if (value.isTextual()) {
            stops.add(Fields.text(value, "stop"));
        } else {
            throw Fields.wrong("stop", "a string or a list of strings", value);
        }
        for (String stop : stops) {
            if (stop.isEmpty()) {
                throw ApiException.field("stop", "must not hold an empty string");
            }
            atMost("stop", stop.length(), limits.stopChars(), "characters in one string");
        }
        return stops;
    }

    static void atMost(String field, long count, int most, String what) {
        if (count > most) {
            throw ApiException.field(field, "has " + count + " " + what + "; at most " + most + " are accepted");
        }
    }

    /** Whether the usage is to be streamed. */
    static boolean includeUsage(Fields fields, boolean stream) {
        Fields options = fields.object("stream_options");
        if (options == null) {
            return false;
        }
        if (!stream) {
            throw ApiException.field("stream_options", "needs stream to be true");
        }
        boolean include = options.flag("include_usage");
        options.refuse(List.of("include_obfuscation"));
        options.end();
        return include;
    }
}
