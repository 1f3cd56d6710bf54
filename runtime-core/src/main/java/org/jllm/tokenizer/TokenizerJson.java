package org.jllm.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jspecify.annotations.Nullable;

/** Reads the JSON files of a tokenizer and their fields, each error with the file and the key. */
final class TokenizerJson {
    private static final long LARGEST_FILE = 1L << 28;
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(1 << 24)
                            .build())
                    .build())
            .build();

    private TokenizerJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The object in a file. */
    static ObjectNode read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new InvalidModelException(file + " is larger than " + LARGEST_FILE + " bytes");
            }
            JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidModelException(file + " holds no JSON object");
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException(file + " does not exist; get the tokenizer's files", e);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new InvalidModelException(file + " is not valid JSON" + where + ": " + firstLine(e), e);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new InvalidModelException("the tokenizer cannot be written as JSON: " + firstLine(e), e);
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("");
    }

    static boolean bool(JsonNode object, String key, boolean fallback) {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (!value.isBoolean()) {
            throw new InvalidModelException("tokenizer configuration: " + key + " is " + value + ", not true or false");
        }
        return value.booleanValue();
    }

    static @Nullable String string(JsonNode object, String key) {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new InvalidModelException("tokenizer configuration: " + key + " is " + value + ", not a string");
        }
        return value.textValue();
    }

    /** An added token that is written as an object. */
    static AddedToken addedToken(JsonNode object, String where) {
        String content = string(object, "content");
        if (content == null) {
            throw new InvalidModelException("tokenizer configuration: " + where + " has no content: " + object);
        }
        boolean special = bool(object, "special", false);
        return new AddedToken(
                content,
                bool(object, "lstrip", false),
                bool(object, "rstrip", false),
                bool(object, "single_word", false),
                bool(object, "normalized", !special),
                special);
    }
}
