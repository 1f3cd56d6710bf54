package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * Llama and its kin.
 *
 * @param architecture Llama, Mistral or Qwen2
 */
record LlamaShape(
        String architecture,
        int hidden,
        int layers,
        int heads,
        int keyHeads,
        int intermediate,
        int vocabulary,
        int context)
        implements ModelShape.Family {
    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add(architecture + "ForCausalLM");
        config.put("bos_token_id", 1);
        config.put("eos_token_id", 2);
        config.put("hidden_act", "silu");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", intermediate);
        config.put("max_position_embeddings", context);
        config.put("model_type", architecture.toLowerCase(Locale.ROOT));
        config.put("num_attention_heads", heads);
        config.put("num_hidden_layers", layers);
        config.put("num_key_value_heads", keyHeads);
        config.put("rms_norm_eps", isQwen2() ? 1e-6 : 1e-5);
        config.put("rope_theta", isQwen2() ? 1e6 : 1e4);
        if (architecture.equals("Mistral")) {
            config.put("sliding_window", 4_096);
        }
        config.put("tie_word_embeddings", isQwen2());
        config.put("vocab_size", vocabulary);
        return config;
    }

    @Override
    public void announce(AnnouncedTensors tensors) {
        tensors.tensor("model.embed_tokens.weight", vocabulary, hidden);
        long keys = (long) keyHeads * (hidden / heads);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "model.layers." + layer + '.';
            tensors.tensor(prefix + "input_layernorm.weight", hidden);
            attention(tensors, prefix + "self_attn.q_proj", hidden);
            attention(tensors, prefix + "self_attn.k_proj", keys);
            attention(tensors, prefix + "self_attn.v_proj", keys);
            tensors.tensor(prefix + "self_attn.o_proj.weight", hidden, hidden);
            tensors.tensor(prefix + "post_attention_layernorm.weight", hidden);
            tensors.tensor(prefix + "mlp.gate_proj.weight", intermediate, hidden);
            tensors.tensor(prefix + "mlp.up_proj.weight", intermediate, hidden);
            tensors.tensor(prefix + "mlp.down_proj.weight", hidden, intermediate);
        }
        tensors.tensor("model.norm.weight", hidden);
        if (!isQwen2()) {
            tensors.tensor("lm_head.weight", vocabulary, hidden);
        }
    }

    private void attention(AnnouncedTensors tensors, String name, long out) {
        if (isQwen2()) {
            tensors.linear(name, out, hidden);
        } else {
            tensors.tensor(name + ".weight", out, hidden);
        }
    }

    private boolean isQwen2() {
        return architecture.equals("Qwen2");
    }
}
