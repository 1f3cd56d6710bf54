package org.jllm.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.jllm.api.InvalidRequestException;
import org.jllm.bench.RandomModel;

/** Random models in the shapes of published ones, in GGUF, without a vocabulary: they decode token ids only. */
final class RandomGguf {
    private final JsonNode config;
    private final String architecture;
    private final RandomTensors tensors = new RandomTensors();

    private RandomGguf(JsonNode config) {
        this.config = config;
        String type = config.path("model_type").asText();
        architecture = switch (type) {
            case "llama", "mistral" -> "llama";
            case "qwen2" -> type;
            default ->
                throw new InvalidRequestException("a random GGUF has the shape of llama, mistral or qwen2, not of "
                        + type + ": leave the type out");
        };
    }

    /**
     * Writes a model in float16.
     *
     * @param shape such as {@code llama:1.1b}
     * @throws InvalidRequestException if the shape is unknown or of another architecture
     * @throws org.jllm.api.CapacityException if the file cannot be written
     */
    static void write(String shape, Path file) {
        RandomGguf model = new RandomGguf(RandomModel.config(shape));
        model.describe();
        model.announce();
        model.tensors.write(file);
    }

    private int value(String key) {
        return config.path(key).asInt();
    }

    private void describe() {
        tensors.text("general.architecture", architecture);
        tensors.text("general.name", "random");
        tensors.integer("general.file_type", 1);
        tensors.text("tokenizer.ggml.model", "none");
        integer("vocab_size", value("vocab_size"));
        integer("context_length", value("max_position_embeddings"));
        integer("embedding_length", value("hidden_size"));
        integer("block_count", value("num_hidden_layers"));
        integer("feed_forward_length", value("intermediate_size"));
        integer("attention.head_count", value("num_attention_heads"));
        integer("attention.head_count_kv", value("num_key_value_heads"));
        integer("rope.dimension_count", value("hidden_size") / value("num_attention_heads"));
        number("rope.freq_base", "rope_theta");
        number("attention.layer_norm_rms_epsilon", "rms_norm_eps");
    }

    private void integer(String key, int value) {
        tensors.integer(architecture + '.' + key, value);
    }

    private void number(String key, String name) {
        tensors.number(architecture + '.' + key, config.path(name).floatValue());
    }

    private void announce() {
        long hidden = value("hidden_size");
        long keys = value("num_key_value_heads") * (hidden / value("num_attention_heads"));
        long intermediate = value("intermediate_size");
        tensors.random("token_embd.weight", hidden, value("vocab_size"));
        for (int layer = 0; layer < value("num_hidden_layers"); layer++) {
            String block = "blk." + layer + '.';
            tensors.constant(block + "attn_norm.weight", 1, hidden);
            projection(block + "attn_q", hidden, hidden);
            projection(block + "attn_k", hidden, keys);
            projection(block + "attn_v", hidden, keys);
            tensors.random(block + "attn_output.weight", hidden, hidden);
            tensors.constant(block + "ffn_norm.weight", 1, hidden);
            tensors.random(block + "ffn_gate.weight", hidden, intermediate);
            tensors.random(block + "ffn_up.weight", hidden, intermediate);
            tensors.random(block + "ffn_down.weight", intermediate, hidden);
        }
        tensors.constant("output_norm.weight", 1, hidden);
        if (!config.path("tie_word_embeddings").asBoolean()) {
            tensors.random("output.weight", hidden, value("vocab_size"));
        }
    }

    private void projection(String name, long in, long out) {
        tensors.random(name + ".weight", in, out);
        if (architecture.equals("qwen2")) {
            tensors.constant(name + ".bias", 0, out);
        }
    }
}
