package org.jllm.gguf.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a file, read key by key: each has a type and a range, and a value that does not fit is an
 * {@link InvalidModelException} that names it. Immutable.
 */
public final class GgufMetadata {
    private final String name;
    private final Map<String, GgufValue> values;

    /** Metadata of a file of that name. */
    GgufMetadata(String name, Map<String, GgufValue> values) {
        this.name = name;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** All values in the order of the file. */
    public Map<String, GgufValue> values() {
        return values;
    }

    /** Whether a key is there. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** A whole number of any width from {@code least} to {@code most}. */
    public int intOr(String key, int otherwise, int least, int most) {
        GgufValue value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof GgufNumber number)
                || !number.type().isInteger()
                || number.doubleValue() < least
                || number.doubleValue() > most) {
            throw wrong(key, "a whole number from " + least + " to " + most);
        }
        return (int) number.bits();
    }

    /** A number, whole or not, from {@code least} to {@code most}. */
    public double doubleOr(String key, double otherwise, double least, double most) {
        GgufValue value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof GgufNumber number)
                || number.type() == GgufValueType.BOOL
                || !(number.doubleValue() >= least && number.doubleValue() <= most)) {
            throw wrong(key, "a number from " + least + " to " + most);
        }
        return number.doubleValue();
    }

    public boolean boolOr(String key, boolean otherwise) {
        GgufValue value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof GgufNumber number) || number.type() != GgufValueType.BOOL) {
            throw wrong(key, "true or false");
        }
        return number.bits() != 0;
    }

    /** A text in UTF-8, if the key is there. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key))
                .map(value -> (value instanceof GgufText text ? text.decoded() : Optional.<String>empty())
                        .orElseThrow(() -> wrong(key, "a text in UTF-8")));
    }

    public String textOr(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /** An array of texts, if the key is there. */
    public Optional<GgufTexts> texts(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> {
            if (value instanceof GgufTexts texts) {
                return texts;
            }
            throw wrong(key, "an array of texts");
        });
    }

    /** An array of numbers of one type, if the key is there. */
    public Optional<GgufNumbers> numbers(String key, GgufValueType type) {
        return Optional.ofNullable(values.get(key)).map(value -> {
            if (value instanceof GgufNumbers numbers && numbers.elementType() == type) {
                return numbers;
            }
            throw wrong(key, "an array of " + type.name().toLowerCase(Locale.ROOT));
        });
    }

    /** Checks the type of a value where llama.cpp takes no other. */
    void requireType(String key, GgufValueType type) {
        GgufValue value = values.get(key);
        if (value == null || value.type() != type) {
            throw wrong(key, "of type " + type.name().toLowerCase(Locale.ROOT));
        }
    }

    InvalidModelException wrong(String key, String expected) {
        return new InvalidModelException(
                name + ": " + key + " must be " + expected + ", not " + shown(values.get(key)));
    }

    private static String shown(@Nullable GgufValue value) {
        if (value == null) {
            return "missing";
        }
        if (value instanceof GgufNumber number) {
            return number.type().name().toLowerCase(Locale.ROOT) + " " + number;
        }
        return value instanceof GgufText text ? "the text " + Quoted.of(text.toString()) : value.toString();
    }
}
