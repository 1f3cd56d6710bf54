package org.jllm.gguf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.gguf.file.GgmlType;
import org.jllm.gguf.file.GgufNumber;
import org.jllm.gguf.file.GgufText;
import org.jllm.gguf.file.GgufValue;
import org.jllm.gguf.file.GgufWriter;
import org.jllm.gguf.file.GgufWriter.Announced;

/**
 * A checkpoint of random weights as a GGUF file without a vocabulary. The rows of queries and keys stay in their order,
 * which the converters of llama.cpp change: with random weights it makes no difference.
 */
final class GgufConversion {
    private static final int MOST = 1 << 24;
    private static final int PART_BYTES = 1 << 22;

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("model.embed_tokens", "token_embd"),
            Map.entry("model.norm", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    private final Checkpoint checkpoint;
    private final ModelConfig config;

    private GgufConversion(Path folder) {
        checkpoint = Checkpoint.open(folder);
        config = ModelConfig.read(folder);
    }

    /** Converts a Llama, Mistral or Qwen2 folder whose weights are all of one 16-bit type. */
    static void convert(Path folder, QuantizedType type, Path file) throws IOException {
        new GgufConversion(folder).write(type, file);
    }

    private void write(QuantizedType type, Path file) throws IOException {
        List<Announced> announced = new ArrayList<>();
        for (StoredTensor tensor : checkpoint.tensors().values()) {
            List<Long> dimensions = new ArrayList<>(tensor.shape());
            Collections.reverse(dimensions);
            announced.add(new Announced(name(tensor.name()), type(tensor, type), dimensions));
        }
        try (GgufWriter writer = new GgufWriter(file, metadata(type), announced)) {
            int next = 0;
            for (StoredTensor tensor : checkpoint.tensors().values()) {
                copy(tensor, announced.get(next++), writer);
            }
            writer.finish();
        }
    }

    private Map<String, GgufValue> metadata(QuantizedType type) {
        String architecture = config.modelType().equals("qwen2") ? "qwen2" : "llama";
        int heads = number("num_attention_heads");
        int headSize = number("hidden_size") / heads;
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", GgufText.of(architecture));
        metadata.put("general.name", GgufText.of("random"));
        metadata.put("general.file_type", GgufNumber.uint32(type.number()));
        String prefix = architecture + '.';
        metadata.put(prefix + "vocab_size", GgufNumber.uint32(number("vocab_size")));
        metadata.put(prefix + "context_length", GgufNumber.uint32(number("max_position_embeddings")));
        metadata.put(prefix + "embedding_length", GgufNumber.uint32(number("hidden_size")));
        metadata.put(prefix + "block_count", GgufNumber.uint32(number("num_hidden_layers")));
        metadata.put(prefix + "feed_forward_length", GgufNumber.uint32(number("intermediate_size")));
        metadata.put(prefix + "rope.dimension_count", GgufNumber.uint32(headSize));
        metadata.put(prefix + "attention.head_count", GgufNumber.uint32(heads));
        metadata.put(prefix + "attention.head_count_kv", GgufNumber.uint32(number("num_key_value_heads")));
        metadata.put(prefix + "attention.layer_norm_rms_epsilon", GgufNumber.float32((float)
                config.doubleOr("rms_norm_eps", 1e-6, 0, 1)));
        metadata.put(
                prefix + "rope.freq_base", GgufNumber.float32((float) config.doubleOr("rope_theta", 10_000, 1, 1e12)));
        metadata.put("tokenizer.ggml.model", GgufText.of("no_vocab"));
        return metadata;
    }

    private int number(String field) {
        return config.intOr(field, 1, 1, MOST);
    }

    private static String name(String name) {
        int end = name.lastIndexOf('.');
        String suffix = name.substring(end);
        String base = name.substring(0, end);
        if (base.startsWith("model.layers.")) {
            String[] parts = base.split("\\.", 4);
            return "blk." + parts[2] + '.' + NAMES.get(parts[3]) + suffix;
        }
        return NAMES.get(base) + suffix;
    }

    /** ggml's kernels want norms and biases in float32. */
    private static GgmlType type(StoredTensor tensor, QuantizedType type) {
        if (tensor.shape().size() == 1) {
            return GgmlType.F32;
        }
        return type == QuantizedType.F16 ? GgmlType.F16 : GgmlType.BF16;
    }

    private static void copy(StoredTensor tensor, Announced target, GgufWriter writer) throws IOException {
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            ByteBuffer part = ByteBuffer.allocateDirect(PART_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long done = 0; done < tensor.byteLength(); done += part.limit()) {
                part.clear().limit((int) Math.min(PART_BYTES, tensor.byteLength() - done));
                while (part.hasRemaining()) {
                    if (channel.read(part, tensor.offset() + done + part.position()) < 0) {
                        throw new EOFException(tensor.file() + " ends early");
                    }
                }
                part.flip();
                boolean widen = target.type() == GgmlType.F32;
                writer.write(target.name(), widen ? widened(part, tensor.type()) : part.duplicate());
            }
        }
    }

    private static ByteBuffer widened(ByteBuffer halves, ElementType type) {
        ByteBuffer floats = ByteBuffer.allocate(halves.remaining() * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < halves.remaining(); i += 2) {
            short half = halves.getShort(i);
            floats.putFloat(type == ElementType.F16 ? float16(half) : Float.intBitsToFloat(half << 16));
        }
        return floats.flip();
    }

    private static float float16(short half) {
        int exponent = half >> 10 & 0x1F;
        int mantissa = half & 0x3FF;
        float magnitude = exponent == 0 ? mantissa * 0x1p-24f : Math.scalb(1 + mantissa / 1024f, exponent - 15);
        return half < 0 ? -magnitude : magnitude;
    }
}
