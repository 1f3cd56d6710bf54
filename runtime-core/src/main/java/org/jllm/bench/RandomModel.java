package org.jllm.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jllm.api.CapacityException;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** Models of random weights in the shapes of published ones, to measure speed without a download. */
public final class RandomModel {
    private RandomModel() {}

    /**
     * What was written.
     *
     * @param parameters numbers in all tensors
     * @param bytes of the tensors
     */
    public record Written(Path folder, long parameters, long bytes) {}

    /**
     * Writes {@code config.json} and {@code model.safetensors}, the same at every call, without files for a tokenizer:
     * the model decodes token ids only.
     *
     * @param spec such as {@code llama:1.1b}; the error for an unknown one lists all
     * @param dtype {@code float32}, {@code bfloat16}, {@code float16} or a usual short form
     * @param folder made if it does not exist
     * @throws InvalidRequestException if shape or type are unknown
     * @throws CapacityException if the disk has no room, or the files cannot be written
     */
    public static Written write(String spec, String dtype, Path folder) {
        ModelShape shape = ModelShape.of(spec);
        ElementType type = type(dtype);
        List<Announced> tensors = shape.tensors(type);
        long bytes = tensors.stream().mapToLong(Announced::byteLength).sum();
        try {
            Files.createDirectories(folder);
            requireSpace(folder, bytes);
            weights(folder.resolve("model.safetensors"), tensors, type);
            text(folder.resolve("config.json"), shape.config(longName(type)).toPrettyString());
        } catch (IOException e) {
            throw new CapacityException("cannot write a model of " + bytes + " bytes into " + folder + ": " + e, e);
        }
        return new Written(folder, bytes / type.bytes(), bytes);
    }

    /**
     * Bytes of the tensors that {@link #write} would write.
     *
     * @throws InvalidRequestException if shape or type are unknown
     */
    public static long bytes(String spec, String dtype) {
        return ModelShape.of(spec).tensors(type(dtype)).stream()
                .mapToLong(Announced::byteLength)
                .sum();
    }

    /**
     * The {@code config.json} of a shape.
     *
     * @throws InvalidRequestException if the shape is unknown
     */
    public static ObjectNode config(String spec) {
        return ModelShape.of(spec).config("float16");
    }

    /**
     * Whether a shape is one of an encoder, which makes vectors and continues no texts.
     *
     * @throws InvalidRequestException if the shape is unknown
     */
    public static boolean isEncoder(String spec) {
        return config(spec).path("architectures").path(0).asText().endsWith("ForMaskedLM");
    }

    /** Normally distributed float16 numbers around 0, little-endian, the same at every call. */
    public static ByteBuffer float16(int count) {
        return new RandomWeights(ElementType.F16).values(count, 0);
    }

    private static ElementType type(String dtype) {
        return ElementType.ofDtype(dtype)
                .orElseThrow(() -> new InvalidRequestException("a random model cannot have dtype '" + dtype
                        + "': use float32, bfloat16 or float16 (fp32, bf16, fp16)"));
    }

    private static String longName(ElementType type) {
        return switch (type) {
            case BF16 -> "bfloat16";
            case F16 -> "float16";
            default -> "float32";
        };
    }

    private static void requireSpace(Path folder, long needed) throws IOException {
        FileStore store = Files.getFileStore(folder);
        // Some network file systems say 0 for what they do not know.
        if (store.getTotalSpace() != 0 && store.getUsableSpace() < needed) {
            throw new CapacityException(
                    "a model of this shape takes " + megabytes(needed) + ", but " + folder + " has only "
                            + megabytes(store.getUsableSpace()) + " free: choose another folder or a smaller shape");
        }
    }

    private static String megabytes(long bytes) {
        return (bytes + 999_999) / 1_000_000 + " MB";
    }

    private static void weights(Path file, List<Announced> tensors, ElementType type) throws IOException {
        RandomWeights random = new RandomWeights(type);
        try (SafetensorsWriter writer = new SafetensorsWriter(file, tensors, Map.of("format", "pt"))) {
            for (Announced tensor : tensors) {
                random.write(tensor, writer);
            }
            writer.finish();
        }
    }

    private static void text(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
