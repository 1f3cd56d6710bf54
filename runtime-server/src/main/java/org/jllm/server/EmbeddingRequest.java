package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.EmbeddingInput;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/embeddings}.
 *
 * @param base64 whether a vector is written as the base64 of its float32 numbers in little-endian order
 * @param dimensions null: all
 */
record EmbeddingRequest(
        String model,
        List<EmbeddingInput> inputs,
        boolean base64,
        @Nullable Integer dimensions) {
    private static final String INPUT = "input";

    static EmbeddingRequest parse(Fields fields, RequestLimits limits) {
        String model = fields.required("model", fields.text("model"));
        List<EmbeddingInput> inputs = inputs(fields.required(INPUT, fields.value(INPUT)), limits);
        boolean base64 = base64(fields);
        Integer dimensions = fields.integer("dimensions");
        if (dimensions != null && dimensions < 1) {
            throw ApiException.field("dimensions", "must be at least 1, not " + dimensions);
        }
        fields.ignore(List.of("user"));
        fields.end();
        return new EmbeddingRequest(model, inputs, base64, dimensions);
    }

    private static boolean base64(Fields fields) {
        String format = fields.text("encoding_format");
        if (format == null || format.equals("float")) {
            return false;
        }
        if (format.equals("base64")) {
            return true;
        }
        throw ApiException.field("encoding_format", "must be float or base64, not " + Json.bounded(format));
    }

    private static List<EmbeddingInput> inputs(JsonNode value, RequestLimits limits) {
        List<EmbeddingInput> inputs = new ArrayList<>();
        if (value.isTextual() || (value.isArray() && value.path(0).isNumber())) {
            inputs.add(input(value, INPUT));
        } else if (value.isArray() && !value.isEmpty()) {
            mostTexts(INPUT, value.size(), limits);
            for (JsonNode each : value) {
                inputs.add(input(each, INPUT + '[' + inputs.size() + ']'));
            }
        } else {
            throw wrong(value, INPUT);
        }
        long chars = inputs.stream()
                .mapToLong(input ->
                        input instanceof EmbeddingInput.Text text ? text.text().length() : 0)
                .sum();
        SamplingFields.atMost(INPUT, chars, limits.chars(), "characters");
        return inputs;
    }

    private static EmbeddingInput input(JsonNode value, String name) {
        if (value.isTextual()) {
            String text = Fields.text(value, name);
            if (text.isEmpty()) {
                throw ApiException.field(name, "is an empty string");
            }
            return new EmbeddingInput.Text(text);
        }
        if (!value.isArray() || value.isEmpty()) {
            throw wrong(value, name);
        }
        return new EmbeddingInput.Tokens(CompletionRequest.ids(value, name));
    }

    private static ApiException wrong(JsonNode value, String name) {
        return Fields.wrong(
                name,
                name.equals(INPUT)
                        ? "a string, a list of strings, a list of token ids or a list of such lists"
                        : "a string or a list of token ids",
                value);
    }

    /** Refuses more texts than a request may have. */
    static void mostTexts(String field, int count, RequestLimits limits) {
        if (count > limits.texts()) {
            throw new ApiException(
                    413,
                    field + " has " + count + " texts; at most " + limits.texts()
                            + " are accepted: send several requests",
                    field,
                    null);
        }
    }
}
