package org.jllm.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The JSON of requests, of which nothing is forgiven, and of replies. */
final class Json {
    private static final int MOST_SHOWN = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxNumberLength(100)
                            .maxNameLength(1000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /**
     * The object that is the body of a request.
     *
     * @throws ApiException if it is anything else; says where
     */
    static ObjectNode object(byte[] body) {
        if (body.length == 0) {
            throw new ApiException(400, "the request has no body: send a JSON object", null, null);
        }
        String text = text(body);
        try (JsonParser parser = MAPPER.createParser(text)) {
            return object(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        try {
            JsonNode tree = MAPPER.readTree(parser);
            if (!(tree instanceof ObjectNode object)) {
                throw new ApiException(400, "the body must be a JSON object", null, null);
            }
            if (parser.nextToken() != null) {
                throw new ApiException(400, "the body is not valid JSON: something follows the object", null, null);
            }
            return object;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            String problem = e.getOriginalMessage()
                    .replaceAll("(?s) \\(start marker at .*|, from `[^`]*`|: enable `JsonReadFeature.*", "");
            String message = "the body is not valid JSON: " + place + bounded(problem);
            throw new ApiException(400, message, path(parser.getParsingContext().pathAsPointer()), null);
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(400, "the body is not valid UTF-8", null, null);
        }
    }

    private static @Nullable String path(JsonPointer pointer) {
        StringBuilder path = new StringBuilder();
        for (JsonPointer at = pointer; at != null && !at.matches(); at = at.tail()) {
            if (at.mayMatchElement()) {
                path.append('[').append(at.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(at.getMatchingProperty());
            }
        }
        return path.isEmpty() ? null : bounded(path.toString());
    }

    /** A value of a request as an error shows it. */
    static String bounded(String text) {
        if (text.length() <= MOST_SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MOST_SHOWN - 1)) ? MOST_SHOWN - 1 : MOST_SHOWN;
        return text.substring(0, end) + "…";
    }

    /** A message without line breaks and other control characters; halves of surrogate pairs become U+FFFD. */
    static String oneLine(String message) {
        return message.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ")
                .replaceAll("\\p{Cs}", "\uFFFD")
                .strip();
    }

    /** A reply in UTF-8; names in snake case, without line breaks. */
    static byte[] bytes(Object reply) {
        try {
            return MAPPER.writeValueAsBytes(reply);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
