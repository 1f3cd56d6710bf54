package org.jllm.gguf.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the key-value pairs of a header. */
final class MetadataReader {
    static final int MOST_KEYS = 1 << 16;
    /** The format's own limit. */
    static final int MOST_KEY_BYTES = 65_535;

    static final int MOST_NESTING = 8;
    /** Each costs an object, however short it is. */
    static final int MOST_NESTED_ARRAYS = 1 << 16;
    /** The length of a key, its type and a value of one byte. */
    private static final int LEAST_PAIR_BYTES = 8 + 1 + 4 + 1;
    /** Element type and size. */
    private static final int LEAST_ARRAY_BYTES = 4 + 8;

    private final GgufInput input;
    private int nestedArrays;

    MetadataReader(GgufInput input) {
        this.input = input;
    }

    Map<String, GgufValue> read(long count) throws IOException {
        input.checkCount(count, LEAST_PAIR_BYTES, "metadata keys");
        if (count > MOST_KEYS) {
            throw input.invalid("has " + count + " metadata keys, more than the " + MOST_KEYS + " that are read");
        }
        Map<String, GgufValue> pairs = new LinkedHashMap<>();
        for (int index = 0; index < count; index++) {
            String key = input.name(MOST_KEY_BYTES, "metadata key " + (index + 1) + " of " + count);
            String what = "metadata key " + Quoted.of(key);
            GgufValueType type = type(what);
            if (pairs.putIfAbsent(key, value(type, what)) != null) {
                throw input.invalid(what + " is there twice");
            }
        }
        return pairs;
    }

    private GgufValueType type(String what) throws IOException {
        int id = input.int32("the type of " + what);
        return GgufValueType.of(id)
                .orElseThrow(() -> input.invalid(what + " has the unknown type " + Integer.toUnsignedString(id)
                        + "; types from 0 to " + (GgufValueType.values().length - 1) + " exist"));
    }

    private GgufValue value(GgufValueType type, String what) throws IOException {
        return switch (type) {
            case STRING -> GgufText.wrap(input.text(GgufInput.MOST_HEADER_BYTES, what));
            case ARRAY -> array(what, 1);
            default -> numbers(type, 1, what).get(0);
        };
    }

    private GgufArray array(String what, int depth) throws IOException {
        GgufValueType type = type(what);
        long size = input.int64("the size of " + what);
        return switch (type) {
            case STRING -> texts(size, what);
            case ARRAY -> arrays(size, what, depth);
            default -> numbers(type, size, what);
        };
    }

    private GgufNumbers numbers(GgufValueType type, long size, String what) throws IOException {
        input.checkCount(size, type.bytes(), what);
        byte[] data = input.bytes(size * type.bytes(), what);
        if (type == GgufValueType.BOOL) {
            for (byte element : data) {
                if (element != 0 && element != 1) {
                    throw input.invalid(what + " must be true (1) or false (0), not " + Byte.toUnsignedInt(element));
                }
            }
        }
        return GgufNumbers.wrap(type, data);
    }

    private GgufTexts texts(long size, String what) throws IOException {
        input.checkCount(size, Long.BYTES, what);
        GgufTexts.Builder texts = new GgufTexts.Builder((int) size);
        for (int index = 0; index < size; index++) {
            texts.add(input.text(GgufInput.MOST_HEADER_BYTES, "element " + index + " of " + what));
        }
        return texts.build();
    }

    private GgufArrays arrays(long size, String what, int depth) throws IOException {
        if (depth == MOST_NESTING) {
            throw input.invalid(what + " nests arrays more than " + MOST_NESTING + " deep");
        }
        input.checkCount(size, LEAST_ARRAY_BYTES, what);
        if (size > MOST_NESTED_ARRAYS - nestedArrays) {
            throw input.invalid(what + " nests " + size + " arrays; a file may have " + MOST_NESTED_ARRAYS);
        }
        nestedArrays += (int) size;
        List<GgufArray> elements = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            elements.add(array(what, depth + 1));
        }
        return new GgufArrays(elements);
    }
}
