package org.jllm.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;

/** Reads JSON of model repositories, which nobody vouches for: bounded in size, depth and length of names. */
final class StrictJson {
    private static final long MOST_BYTES = 100_000_000;

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(64)
            .maxNumberLength(100)
            .maxNameLength(10_000)
            .maxStringLength(10_000_000)
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
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** The object in a file. */
    static JsonNode object(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new InvalidModelException(
                        file + " has " + Files.size(file) + " bytes, which is no configuration");
            }
            return object(text(Files.readAllBytes(file), file.toString()), file.toString(), false);
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException(file + " does not exist: is this the folder of a model?", e);
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The object in a text.
     *
     * @param name what the text is, for errors
     */
    static JsonNode object(String text, String name, boolean uniqueKeys) {
        try {
            JsonNode node = (uniqueKeys ? UNIQUE_KEYS : LENIENT).readTree(text);
            if (node == null || !node.isObject()) {
                throw new InvalidModelException(name + " holds no JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(name + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
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
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
