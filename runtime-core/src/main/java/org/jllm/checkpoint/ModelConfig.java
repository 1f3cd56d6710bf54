package org.jllm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jllm.api.InvalidModelException;

/**
 * The {@code config.json} of a repository, read field by field: each has a type and a range, and a value that does not
 * fit is an {@link InvalidModelException} that names it. A field that is {@code null} counts as missing, as Python's
 * {@code None}; where a class tells the two apart, {@link #isNull} does. Immutable.
 */
public final class ModelConfig {
    static final String FILE = "config.json";

    private final String name;
    private final ObjectNode object;

    private ModelConfig(String name, ObjectNode object) {
        this.name = name;
        this.object = object;
    }

    /**
     * Reads the {@code config.json} of a folder.
     *
     * @throws org.jllm.api.ModelNotFoundException if there is none
     */
    public static ModelConfig read(Path folder) {
        return readFile(folder.resolve(FILE));
    }

    /**
     * Reads another file of that kind.
     *
     * @throws org.jllm.api.ModelNotFoundException if there is none
     */
    public static ModelConfig readFile(Path file) {
        return new ModelConfig(file.toString(), StrictJson.object(file));
    }

    /** Reads a text that stands for a file of that name. */
    public static ModelConfig parse(String json, String name) {
        return new ModelConfig(name, StrictJson.object(json, name));
    }

    /** What was read, for errors. */
    public String name() {
        return name;
    }

    /** This configuration with another value of a field. */
    public ModelConfig with(String field, boolean value) {
        ObjectNode changed = object.deepCopy();
        return new ModelConfig(name, changed.put(field, value));
    }

    /** This configuration without a field. */
    public ModelConfig without(String field) {
        return new ModelConfig(name, object.deepCopy().without(field));
    }

    String toJson() {
        return object.toPrettyString() + "\n";
    }

    /** The field {@code model_type}, which every configuration has. */
    public String modelType() {
        String type = stringOr("model_type", "");
        if (type.isEmpty()) {
            throw new InvalidModelException(name + ": model_type is missing, so the architecture is not known");
        }
        return type;
    }

    /** Whether it has no field at all. */
    public boolean isEmpty() {
        return object.isEmpty();
    }

    /** Whether a field is there and not null. */
    public boolean has(String field) {
        return object.hasNonNull(field);
    }

    /** Whether a field counts as true in Python: it is there and not null, false, 0 or empty. */
    public boolean isSet(String field) {
        JsonNode value = object.path(field);
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        return value.isTextual() ? !value.textValue().isEmpty() : value.asBoolean();
    }

    /** Whether a field is written as null. */
    public boolean isNull(String field) {
        return object.path(field).isNull();
    }

    /** A whole number from {@code least} to {@code most}. */
    public int intOr(String field, int otherwise, int least, int most) {
        if (!has(field)) {
            return otherwise;
        }
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            throw wrong(field, "a whole number from " + least + " to " + most);
        }
        return value.intValue();
    }

    /** A number from {@code least} to {@code most}. */
    public double doubleOr(String field, double otherwise, double least, double most) {
        if (!has(field)) {
            return otherwise;
        }
        JsonNode value = object.path(field);
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw wrong(field, "a number from " + least + " to " + most);
        }
        return value.doubleValue();
    }

    /** A number from {@code least} to {@code most}, without which the rest has no meaning. */
    public double requiredDouble(String field, double least, double most) {
        if (!has(field)) {
            throw new InvalidModelException(
                    name + ": " + field + " is missing; it must be a number from " + least + " to " + most);
        }
        return doubleOr(field, least, least, most);
    }

    /**
     * Sees to it that fields are there.
     *
     * @throws InvalidModelException if one of them is missing or null
     */
    public void requireAll(String... fields) {
        for (String field : fields) {
            if (!has(field)) {
                throw new InvalidModelException(name + ": " + field + " is missing");
            }
        }
    }

    public boolean boolOr(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!object.path(field).isBoolean()) {
            throw wrong(field, "true or false");
        }
        return object.path(field).booleanValue();
    }

    public String stringOr(String field, String otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!object.path(field).isTextual()) {
            throw wrong(field, "a text");
        }
        return object.path(field).textValue();
    }

    /** Whether a field is this text. */
    public boolean is(String field, String text) {
        return text.equals(object.path(field).textValue());
    }

    /** Whether a field is missing or a list without entries. */
    public boolean isEmptyList(String field) {
        return !has(field)
                || (object.path(field).isArray() && object.path(field).isEmpty());
    }

    /** A list of texts; empty if the field is missing. */
    public List<String> strings(String field) {
        List<String> texts = new ArrayList<>();
        if (has(field)) {
            JsonNode list = object.path(field);
            list.forEach(element -> texts.add(element.textValue()));
            if (!list.isArray() || texts.contains(null)) {
                throw wrong(field, "a list of texts");
            }
        }
        return texts;
    }

    /** A text or a list of texts; empty if the field is missing. */
    public List<String> textOrTexts(String field) {
        return isText(field) ? List.of(stringOr(field, "")) : strings(field);
    }

    /** Whether a field is a text. */
    public boolean isText(String field) {
        return object.path(field).isTextual();
    }

    /** A whole number or a list of whole numbers from {@code least} to {@code most}; empty if the field is missing. */
    public List<Integer> integers(String field, int least, int most) {
        JsonNode value = object.path(field);
        if (value.isNumber()) {
            return List.of(intOr(field, least, least, most));
        }
        List<Integer> numbers = new ArrayList<>();
        if (has(field)) {
            for (JsonNode element : value) {
                if (element.isIntegralNumber()
                        && element.canConvertToInt()
                        && element.intValue() >= least
                        && element.intValue() <= most) {
                    numbers.add(element.intValue());
                }
            }
            if (!value.isArray() || numbers.size() != value.size()) {
                throw wrong(field, "a list of whole numbers from " + least + " to " + most);
            }
        }
        return numbers;
    }

    /** A list of whole numbers from {@code least} to {@code most}. */
    public List<Integer> intsOr(String field, List<Integer> otherwise, int least, int most) {
        if (has(field) && !object.path(field).isArray()) {
            throw wrong(field, "a list of whole numbers from " + least + " to " + most);
        }
        return has(field) ? integers(field, least, most) : otherwise;
    }

    /** The names of all fields that are not null, in the order of the file. */
    public List<String> fields() {
        List<String> names = new ArrayList<>();
        object.properties().forEach(property -> {
            if (!property.getValue().isNull()) {
                names.add(property.getKey());
            }
        });
        return names;
    }

    /** A field as it stands, if it is there and not null. */
    public Optional<JsonNode> json(String field) {
        return has(field) ? Optional.of(object.path(field)) : Optional.empty();
    }

    /** A part of the configuration, if it is there. */
    public Optional<ModelConfig> object(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (object.path(field) instanceof ObjectNode part) {
            return Optional.of(new ModelConfig(name + ": " + field, part));
        }
        throw wrong(field, "an object");
    }

    private InvalidModelException wrong(String field, String expected) {
        return new InvalidModelException(
                name + ": " + field + " must be " + expected + ", not " + StrictJson.shown(object.path(field)));
    }
}
