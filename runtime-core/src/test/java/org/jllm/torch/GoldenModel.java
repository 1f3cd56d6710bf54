package org.jllm.torch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jllm.api.LoadOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;

/** Copies of golden models, with changes, and what they compute. */
final class GoldenModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldenModel() {}

    static Path folder(String name) {
        return Path.of("src/test/resources/golden", name);
    }

    static Path copy(String name, Path to) throws IOException {
        Files.createDirectories(to);
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(folder(name).resolve(file), to.resolve(file));
        }
        return to;
    }

    static void changeConfig(Path folder, Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(config);
        Files.writeString(file, config.toString());
    }

    /**
     * Changes the header, and lets it end at an offset of the given remainder modulo eight.
     *
     * @param change must leave sound places
     */
    static void changeHeader(Path folder, int remainder, Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("model.safetensors");
        byte[] old = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN).getLong();
        ObjectNode header = (ObjectNode) JSON.readTree(old, 8, length);
        change.accept(header);
        String text = header.toString();
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        byte[] padded = (text + " ".repeat(Math.floorMod(remainder - bytes, 8))).getBytes(StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOfRange(old, 8 + length, old.length);
        Files.write(
                file,
                ByteBuffer.allocate(8 + padded.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(padded.length)
                        .put(padded)
                        .put(data)
                        .array());
    }

    /** Logits after four fixed tokens, computed in the stored type. */
    static float[] logits(Path folder) {
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, LoadOptions.none())) {
            Batch batch = new Batch();
            int[] tokens = {1, 17, 42, 96};
            for (int i = 0; i < tokens.length; i++) {
                batch.add(0, i, tokens[i], i == tokens.length - 1);
            }
            float[] logits = new float[backend.capabilities().vocabularySize()];
            backend.open(0);
            backend.step(batch).read(0, logits);
            return logits;
        }
    }
}
