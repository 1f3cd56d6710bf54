package org.jllm.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.BiConsumer;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;

/** Reads JSON of model repositories, which nobody vouches for: bounded in size, depth and length of names. */
public final class StrictJson {
    private static final long MOST_BYTES = 100_000_000;
    private static final int MOST_SHOWN = 200;

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(64)
            .maxNumberLength(100)
            .maxNameLength(50_000)
            .maxStringLength(20_000_000)
            .build();

    /** Python's {@code json} writes NaN and Infinity, and of two equal keys it takes the last. */
    private static final JsonMapper LENIENT = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(BOUNDS).build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JsonMapper UNIQUE_KEYS = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(BOUNDS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private StrictJson() {}

    /**
     * The object in a file.
     *
     * @throws ModelNotFoundException if there is no such file
     * @throws InvalidModelException if it cannot be read, is too large, is not JSON or no object; says where
     */
    public static ObjectNode object(Path file) {
        return object(text(file), file.toString());
    }

    /**
     * The list in a file.
     *
     * @throws ModelNotFoundException if there is no such file
     * @throws InvalidModelException if it cannot be read, is too large, is not JSON or no list; says where
     */
    public static ArrayNode list(Path file) {
        if (value(text(file), file.toString()) instanceof ArrayNode list) {
            return list;
        }
        throw new InvalidModelException(file + " holds no JSON list");
    }

    private static String text(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new InvalidModelException(file + " is no regular file");
            }
            if (attributes.size() > MOST_BYTES) {
                throw new InvalidModelException(
                        file + " has " + attributes.size() + " bytes, which is no JSON of a model");
            }
            return text(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException(file + " does not exist: is this the folder of a model?", e);
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The object in a file, or an empty one if there is no such file. */
    public static ObjectNode objectOrEmpty(Path file) {
        return Files.exists(file) ? object(file) : LENIENT.createObjectNode();
    }

    /**
     * The object in a text.
     *
     * @param name what the text is, for errors
     */
    static ObjectNode object(String text, String name) {
        if (value(text, name) instanceof ObjectNode object) {
            return object;
        }
        throw noObject(name);
    }

    private static JsonNode value(String text, String name) {
        try {
            return LENIENT.readTree(text);
        } catch (JsonProcessingException e) {
            throw invalid(name, e);
        }
    }

    /**
     * Hands over the fields of the object in a text, one after the other, so that no more than one is in memory. Here
     * two equal keys are an error, at any depth.
     *
     * @param name what the text is, for errors
     */
    static void fields(String text, String name, BiConsumer<String, JsonNode> consumer) {
        try (JsonParser parser = UNIQUE_KEYS.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw noObject(name);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                consumer.accept(field, parser.readValueAsTree());
            }
            if (parser.nextToken() != null) {
                throw new InvalidModelException(name + " is not valid JSON: something follows the closing brace");
            }
        } catch (JsonProcessingException e) {
            throw invalid(name, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InvalidModelException noObject(String name) {
        return new InvalidModelException(name + " holds no JSON object");
    }

    private static InvalidModelException invalid(String name, JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        // Without what Jackson says of its own settings.
        String problem = e.getOriginalMessage().replaceAll(" \\(start marker at .*|, from `[^`]*`", "");
        String place = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        return new InvalidModelException(name + " is not valid JSON: " + place + bounded(problem), e);
    }

    /** Bytes that have to be UTF-8. */
    static String text(byte[] bytes, String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidModelException(name + " is not UTF-8", e);
        }
    }

    /** A value as an error shows it. */
    static String shown(JsonNode value) {
        return bounded(value.toString());
    }

    /** The beginning of a text from a file, as an error shows it. */
    public static String bounded(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    }
}
