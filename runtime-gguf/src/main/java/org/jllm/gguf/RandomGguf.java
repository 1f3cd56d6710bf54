package org.jllm.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.CapacityException;
import org.jllm.bench.RandomModel;

/** Writes GGUF files (version 3) of random float16 weights, without a vocabulary: such a model decodes token ids only. */
final class RandomGguf {
    private static final int ALIGNMENT = 32;
    /** Prime, so that the rows of a matrix differ. */
    private static final int VALUES = 2_097_143;

    private static final int UINT32 = 4;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int TENSOR_F32 = 0;
    private static final int TENSOR_F16 = 1;

    private final JsonNode config;
    private final String architecture;
    private final List<Tensor> tensors = new ArrayList<>();
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private int metadataCount;

    /**
     * A tensor.
     *
     * @param columns the contiguous dimension
     * @param rows 0 for a vector, which is kept in float32
     */
    private record Tensor(String name, long columns, long rows) {
        long bytes() {
            return rows == 0 ? columns * Float.BYTES : columns * rows * Short.BYTES;
        }

        long paddedBytes() {
            return (bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    private RandomGguf(JsonNode config) {
        this.config = config;
        architecture = config.path("model_type").asText().equals("qwen2") ? "qwen2" : "llama";
    }

    /**
     * Writes a model.
     *
     * @param shape such as {@code llama:1.1b}
     * @throws org.jllm.api.InvalidRequestException if the shape is unknown
     * @throws CapacityException if the file cannot be written
     */
    static void write(String shape, Path file) {
        RandomGguf model = new RandomGguf(RandomModel.config(shape));
        model.describe();
        model.announce();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            model.write(out);
        } catch (IOException e) {
            file.toFile().delete();
            throw new CapacityException("cannot write a model into " + file + ": " + e.getMessage(), e);
        }
    }

    private int value(String key) {
        return config.path(key).asInt();
    }

    private void describe() {
        text("general.architecture", architecture);
        text("general.name", "random");
        integer("general.file_type", 1);
        text("tokenizer.ggml.model", "none");
        integer(architecture + ".vocab_size", value("vocab_size"));
        integer(architecture + ".context_length", value("max_position_embeddings"));
        integer(architecture + ".embedding_length", value("hidden_size"));
        integer(architecture + ".block_count", value("num_hidden_layers"));
        integer(architecture + ".feed_forward_length", value("intermediate_size"));
        integer(architecture + ".attention.head_count", value("num_attention_heads"));
        integer(architecture + ".attention.head_count_kv", value("num_key_value_heads"));
        integer(architecture + ".rope.dimension_count", value("hidden_size") / value("num_attention_heads"));
        number(architecture + ".rope.freq_base", config.path("rope_theta").floatValue());
        number(
                architecture + ".attention.layer_norm_rms_epsilon",
                config.path("rms_norm_eps").floatValue());
    }

    private void announce() {
        int hidden = value("hidden_size");
        int keys = value("num_key_value_heads") * (hidden / value("num_attention_heads"));
        int intermediate = value("intermediate_size");
        tensors.add(new Tensor("token_embd.weight", hidden, value("vocab_size")));
        for (int layer = 0; layer < value("num_hidden_layers"); layer++) {
            String block = "blk." + layer + '.';
            tensors.add(new Tensor(block + "attn_norm.weight", hidden, 0));
            projection(block + "attn_q", hidden, hidden);
            projection(block + "attn_k", hidden, keys);
            projection(block + "attn_v", hidden, keys);
            tensors.add(new Tensor(block + "attn_output.weight", hidden, hidden));
            tensors.add(new Tensor(block + "ffn_norm.weight", hidden, 0));
            tensors.add(new Tensor(block + "ffn_gate.weight", hidden, intermediate));
            tensors.add(new Tensor(block + "ffn_up.weight", hidden, intermediate));
            tensors.add(new Tensor(block + "ffn_down.weight", intermediate, hidden));
        }
        tensors.add(new Tensor("output_norm.weight", hidden, 0));
        if (!config.path("tie_word_embeddings").asBoolean()) {
            tensors.add(new Tensor("output.weight", hidden, value("vocab_size")));
        }
    }

    private void projection(String name, long in, long out) {
        tensors.add(new Tensor(name + ".weight", in, out));
        if (architecture.equals("qwen2")) {
            tensors.add(new Tensor(name + ".bias", out, 0));
        }
    }

    private void write(FileChannel out) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        header.writeBytes(bytes(Integer.BYTES).putInt(3).array());
        header.writeBytes(
                bytes(16).putLong(tensors.size()).putLong(metadataCount).array());
        metadata.writeTo(header);
        long offset = 0;
        for (Tensor tensor : tensors) {
            header.writeBytes(string(tensor.name()));
            boolean vector = tensor.rows() == 0;
            header.writeBytes(bytes(Integer.BYTES).putInt(vector ? 1 : 2).array());
            header.writeBytes(bytes(Long.BYTES).putLong(tensor.columns()).array());
            if (!vector) {
                header.writeBytes(bytes(Long.BYTES).putLong(tensor.rows()).array());
            }
            header.writeBytes(bytes(12)
                    .putInt(vector ? TENSOR_F32 : TENSOR_F16)
                    .putLong(offset)
                    .array());
            offset += tensor.paddedBytes();
        }
        header.writeBytes(new byte[(ALIGNMENT - header.size() % ALIGNMENT) % ALIGNMENT]);
        writeFully(out, ByteBuffer.wrap(header.toByteArray()));
        ByteBuffer random = RandomModel.float16(VALUES);
        int from = 0;
        for (Tensor tensor : tensors) {
            if (tensor.rows() == 0) {
                writeFully(out, vector(tensor));
                continue;
            }
            long left = tensor.paddedBytes();
            while (left > 0) {
                int count = (int) Math.min(left, random.capacity() - from);
                writeFully(out, random.slice(from, count));
                left -= count;
                from = (from + count) % random.capacity();
            }
        }
    }

    /** Norms are 1, biases 0. */
    private static ByteBuffer vector(Tensor tensor) {
        ByteBuffer values = bytes((int) tensor.paddedBytes());
        boolean bias = tensor.name().endsWith("bias");
        for (int i = 0; i < tensor.columns(); i++) {
            values.putFloat(i * Float.BYTES, bias ? 0 : 1);
        }
        return values;
    }

    private void text(String key, String value) {
        entry(key, STRING, string(value));
    }

    private void integer(String key, int value) {
        entry(key, UINT32, bytes(Integer.BYTES).putInt(value).array());
    }

    private void number(String key, float value) {
        entry(key, FLOAT32, bytes(Float.BYTES).putFloat(value).array());
    }

    private void entry(String key, int type, byte[] value) {
        metadata.writeBytes(string(key));
        metadata.writeBytes(bytes(Integer.BYTES).putInt(type).array());
        metadata.writeBytes(value);
        metadataCount++;
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes(Long.BYTES + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
