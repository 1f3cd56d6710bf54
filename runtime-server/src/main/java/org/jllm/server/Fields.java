package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jllm.catalogue.NearNames;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a request. A field that is null counts as absent. What is not of its type is refused with an
 * error that names the field, and by {@link #end} every field that nobody asked for.
 */
final class Fields {
    private final ObjectNode object;
    private final String path;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param path where the object is in the request, with a dot at its end; empty for the request itself */
    Fields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The name of a field as errors say it. */
    String name(String field) {
        return path + field;
    }

    /** The value of a field, or null. */
    @Nullable
    JsonNode value(String field) {
        known.add(field);
        JsonNode value = object.get(field);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    Double number(String field) {
        JsonNode value = value(field);
        return value == null ? null : number(value, name(field));
    }

    static double number(JsonNode value, String name) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(name, "a finite number", value);
        }
        return value.doubleValue();
    }

    @Nullable
    Integer integer(String field) {
        JsonNode value = value(field);
        return value == null ? null : integer(value, name(field));
    }

    static int integer(JsonNode value, String name) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "an integer of 32 bits", value);
        }
        return value.intValue();
    }

    /** An integer from {@code least} to {@code most}. */
    @Nullable
    Integer integer(String field, int least, int most) {
        Integer value = integer(field);
        if (value != null && (value < least || value > most)) {
            throw ApiException.field(
                    name(field), "must be at least " + least + " and at most " + most + ", not " + value);
        }
        return value;
    }

    @Nullable
    Long seed(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name(field), "an integer of 64 bits", value);
        }
        return value.longValue();
    }

    boolean flag(String field) {
        JsonNode value = value(field);
        if (value != null && !value.isBoolean()) {
            throw wrong(name(field), "true or false", value);
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    String text(String field) {
        JsonNode value = value(field);
        return value == null ? null : text(value, name(field));
    }

    static String text(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw wrong(name, "a string", value);
        }
        String text = value.textValue();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw ApiException.field(name, "must be valid Unicode: it has half of a surrogate pair");
        }
        return text;
    }

    @Nullable
    Fields object(String field) {
        JsonNode value = value(field);
        return value == null ? null : object(value, name(field));
    }

    static Fields object(JsonNode value, String name) {
        if (!(value instanceof ObjectNode object)) {
            throw wrong(name, "an object", value);
        }
        return new Fields(object, name + ".");
    }

    /** A field that has to be there. */
    <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw ApiException.field(name(field), "is missing");
        }
        return value;
    }

    /** Fields that are accepted and change nothing. */
    void ignore(List<String> fields) {
        known.addAll(fields);
    }

    /** Fields of the protocol that this server cannot honour. */
    void refuse(List<String> fields) {
        for (String field : fields) {
            if (value(field) != null) {
                throw ApiException.field(name(field), "is not supported by this server: leave it out");
            }
        }
    }

    /** Refuses what nobody asked for. */
    void end() {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String field = names.next();
            if (!known.contains(field)) {
                String shown = Json.bounded(name(field));
                throw ApiException.field(shown, "is no field of this request" + NearNames.question(field, known));
            }
        }
    }

    static ApiException wrong(String name, String expected, JsonNode value) {
        return ApiException.field(name, "must be " + expected + ", not " + Json.bounded(value.toString()));
    }
}
