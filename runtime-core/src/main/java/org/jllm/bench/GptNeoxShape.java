package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** GPT-NeoX with an MLP four times as wide as the model. */
record GptNeoxShape(int hidden, int layers, int heads, int vocabulary, int context) implements ModelShape.Family {
    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add("GPTNeoXForCausalLM");
        config.put("bos_token_id", 0);
        config.put("eos_token_id", 2);
        config.put("hidden_act", "gelu");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", 4 * hidden);
        config.put("layer_norm_eps", 1e-5);
        config.put("max_position_embeddings", context);
        config.put("model_type", "gpt_neox");
        config.put("num_attention_heads", heads);
        config.put("num_hidden_layers", layers);
        config.put("rotary_emb_base", 10_000);
        config.put("rotary_pct", 0.25);
        config.put("tie_word_embeddings", false);
        config.put("use_parallel_residual", true);
        config.put("vocab_size", vocabulary);
        return config;
    }

    @Override
    public void announce(AnnouncedTensors tensors) {
        tensors.tensor("gpt_neox.embed_in.weight", vocabulary, hidden);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "gpt_neox.layers." + layer + '.';
            tensors.layerNorm(prefix + "input_layernorm", hidden);
            tensors.layerNorm(prefix + "post_attention_layernorm", hidden);
            tensors.linear(prefix + "attention.query_key_value", 3L * hidden, hidden);
            tensors.linear(prefix + "attention.dense", hidden, hidden);
            tensors.linear(prefix + "mlp.dense_h_to_4h", 4L * hidden, hidden);
            tensors.linear(prefix + "mlp.dense_4h_to_h", hidden, 4L * hidden);
        }
        tensors.layerNorm("gpt_neox.final_layer_norm", hidden);
        tensors.tensor("embed_out.weight", vocabulary, hidden);
    }
}
