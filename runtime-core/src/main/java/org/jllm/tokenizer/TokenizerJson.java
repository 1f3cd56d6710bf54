package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a tokenizer's JSON files, each error with the key. */
final class TokenizerJson {
    private TokenizerJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
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
