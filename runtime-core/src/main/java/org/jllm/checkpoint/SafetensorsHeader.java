package org.jllm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;

/**
 * The header of a safetensors file: eight bytes of length, then JSON that gives each tensor's type, shape and place. It
 * is checked whole before anything else sees the file. Format:
 * <a href="https://github.com/huggingface/safetensors#format">huggingface/safetensors</a>.
 */
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";
    static final int LENGTH_BYTES = 8;
    /** The format's own limit. */
    private static final long MOST_HEADER_BYTES = 100_000_000;

    private static final Set<String> KEYS = new TreeSet<>(Set.of("dtype", "shape", "data_offsets"));

    /** Types of the format that {@link ElementType} lacks. */
    private static final Set<String> OTHER_TYPES = Set.of(
            "U16",
            "U32",
            "U64",
            "C64",
            "F4",
            "F6_E2M3",
            "F6_E3M2",
            "F8_E4M3",
            "F8_E5M2",
            "F8_E8M0",
            "F8_E4M3FNUZ",
            "F8_E5M2FNUZ");

    private final Path file;
    private final Storage whole;
    private final long dataStart;
    private final long dataBytes;

    private SafetensorsHeader(Path file, long dataStart, long dataBytes) {
        this.file = file;
        this.whole = Storage.plain(file, 0, dataStart + dataBytes);
        this.dataStart = dataStart;
        this.dataBytes = dataBytes;
    }

    /**
     * The tensors of a file, in the order of their bytes, and further names that its metadata gives them.
     *
     * @throws InvalidModelException if the file is no sound safetensors file; names what is wrong
     */
    static FileTensors read(Path file) {
        return read(file, SafetensorsHeader::tensors);
    }

    /** The texts that a file's header has for people and programs, as {@link #read} checks them. */
    static Map<String, String> metadata(Path file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        return read(file, (header, text) -> {
            header.tensors(text, metadata);
            return metadata;
        });
    }

    private static <T> T read(Path file, BiFunction<SafetensorsHeader, String, T> content) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException(
                    file + (Files.exists(file) ? " is no regular file" : " does not exist, but belongs to the model"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < LENGTH_BYTES) {
                throw invalid(file, "has " + size + " bytes and is cut short: download it again");
            }
            long length = bytes(channel, 0, LENGTH_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (length < 2 || length > MOST_HEADER_BYTES) {
                throw invalid(
                        file,
                        "has a header of " + Long.toUnsignedString(length)
                                + " bytes; it is no safetensors file, or damaged");
            }
            if (length > size - LENGTH_BYTES) {
                throw invalid(
                        file,
                        "has " + size + " bytes, but its header alone takes " + (LENGTH_BYTES + length)
                                + ": it is cut short, download it again");
            }
            String text =
                    StrictJson.text(bytes(channel, LENGTH_BYTES, (int) length).array(), "the header of " + file);
            if (text.charAt(0) != '{') {
                throw invalid(file, "has a header that does not begin with '{'; it is no safetensors file, or damaged");
            }
            long dataStart = LENGTH_BYTES + length;
            return content.apply(new SafetensorsHeader(file, dataStart, size - dataStart), text);
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file ends early");
            }
        }
        return buffer.flip();
    }

    private FileTensors tensors(String json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        return FileTensors.of(tensors(json, metadata), metadata);
    }

    private List<StoredTensor> tensors(String json, Map<String, String> metadata) {
        List<StoredTensor> tensors = new ArrayList<>();
        StrictJson.fields(json, "the header of " + file, (name, entry) -> {
            if (name.equals(METADATA)) {
                metadata.putAll(metadata(entry));
            } else {
                tensors.add(tensor(name, entry));
            }
        });
        tensors.sort(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::byteLength));
        checkPlaces(tensors);
        return tensors;
    }

    private Map<String, String> metadata(JsonNode metadata) {
        if (!metadata.isObject()) {
            throw invalid(file, METADATA + " must be an object, not " + StrictJson.shown(metadata));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        metadata.properties().forEach(property -> {
            texts.put(property.getKey(), property.getValue().textValue());
            if (!property.getValue().isTextual()) {
                throw invalid(
                        file,
                        METADATA + "." + StrictJson.bounded(property.getKey()) + " must be a text, not "
                                + StrictJson.shown(property.getValue()));
            }
        });
        return texts;
    }

    private StoredTensor tensor(String name, JsonNode entry) {
        if (!entry.isObject()) {
            throw invalid(name, "must be an object, not " + StrictJson.shown(entry));
        }
        Set<String> keys = new TreeSet<>();
        entry.fieldNames().forEachRemaining(keys::add);
        if (!keys.equals(KEYS)) {
            throw invalid(name, "has the fields " + StrictJson.bounded(keys.toString()) + ", not " + KEYS);
        }
        ElementType type = type(name, entry.path("dtype"));
        List<Long> shape = numbers(name, "shape", entry.path("shape"));
        List<Long> offsets = numbers(name, "data_offsets", entry.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw invalid(name, "has data_offsets " + shown(offsets) + "; they must be begin and end");
        }
        if (offsets.get(1) > dataBytes) {
            throw invalid(
                    name,
                    "ends at byte " + offsets.get(1) + " of the data, but there are " + dataBytes
                            + ": the file is cut short, download it again");
        }
        long byteLength = offsets.get(1) - offsets.get(0);
        long needed;
        try {
            needed = byteLength(type, shape);
        } catch (ArithmeticException e) {
            throw invalid(name, "has the impossible shape " + shown(shape));
        }
        if (needed != byteLength) {
            throw invalid(
                    name,
                    "has " + byteLength + " bytes, but " + type + " of shape " + shown(shape) + " takes " + needed);
        }
        return StoredTensor.contiguous(name, type, shape, whole, dataStart + offsets.get(0));
    }

    private ElementType type(String name, JsonNode dtype) {
        for (ElementType type : ElementType.values()) {
            if (dtype.isTextual() && type.name().equals(dtype.textValue())) {
                return type;
            }
        }
        if (dtype.isTextual() && OTHER_TYPES.contains(dtype.textValue())) {
            throw new UnsupportedModelException(
                    "tensor '" + StrictJson.bounded(name) + "' in " + file + " has the dtype "
                            + dtype.textValue() + ", which this version does not read; it reads "
                            + List.of(ElementType.values()));
        }
        throw invalid(
                name, "has the dtype " + StrictJson.shown(dtype) + "; known are " + List.of(ElementType.values()));
    }

    private List<Long> numbers(String name, String field, JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        if (array.isArray()) {
            for (JsonNode element : array) {
                if (element.isIntegralNumber() && element.canConvertToLong() && element.longValue() >= 0) {
                    numbers.add(element.longValue());
                }
            }
        }
        if (!array.isArray() || numbers.size() != array.size()) {
            throw invalid(name, field + " must be a list of whole numbers, not " + StrictJson.shown(array));
        }
        return numbers;
    }

    /** Bytes of a tensor; an {@link ArithmeticException} if they are more than a {@code long} counts. */
    static long byteLength(ElementType type, List<Long> shape) {
        long length = type.bytes();
        for (long size : shape) {
            length = Math.multiplyExact(length, size);
        }
        return length;
    }

    /** Every byte of the data belongs to exactly one tensor. */
    private void checkPlaces(List<StoredTensor> tensors) {
        long end = dataStart;
        for (StoredTensor tensor : tensors) {
            if (tensor.offset() < end) {
                throw invalid(tensor.name(), "overlaps the tensor before it by " + (end - tensor.offset()) + " bytes");
            }
            if (tensor.offset() > end) {
                throw invalid(tensor.name(), "begins after a hole of " + (tensor.offset() - end) + " bytes");
            }
            end += tensor.byteLength();
        }
        long rest = dataStart + dataBytes - end;
        if (rest != 0) {
            throw invalid(file, "has " + rest + " bytes at its end that belong to no tensor");
        }
    }

    private static String shown(List<Long> numbers) {
        return StrictJson.bounded(numbers.toString());
    }

    private InvalidModelException invalid(String tensor, String problem) {
        return invalid(file, "is damaged: tensor '" + StrictJson.bounded(tensor) + "' " + problem);
    }

    private static InvalidModelException invalid(Path file, String problem) {
        return new InvalidModelException(file + " " + problem);
    }
}
