package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** GPT-2 with an MLP four times as wide as the model. */
record Gpt2Shape(int hidden, int layers, int heads, int vocabulary, int context) implements ModelShape.Family {
    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("activation_function", "gelu_new");
        config.putArray("architectures").add("GPT2LMHeadModel");
        config.put("bos_token_id", 1);
        config.put("eos_token_id", 2);
        config.put("layer_norm_epsilon", 1e-5);
        config.put("model_type", "gpt2");
        config.put("n_embd", hidden);
        config.put("n_head", heads);
        config.put("n_layer", layers);
        config.put("n_positions", context);
        config.put("vocab_size", vocabulary);
        return config;
    }

    @Override
    public void announce(AnnouncedTensors tensors) {
        tensors.tensor("transformer.wte.weight", vocabulary, hidden);
        tensors.tensor("transformer.wpe.weight", context, hidden);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "transformer.h." + layer + '.';
            tensors.layerNorm(prefix + "ln_1", hidden);
            tensors.conv1d(prefix + "attn.c_attn", hidden, 3L * hidden);
            tensors.conv1d(prefix + "attn.c_proj", hidden, hidden);
            tensors.layerNorm(prefix + "ln_2", hidden);
            tensors.conv1d(prefix + "mlp.c_fc", hidden, 4L * hidden);
            tensors.conv1d(prefix + "mlp.c_proj", 4L * hidden, hidden);
        }
        tensors.layerNorm("transformer.ln_f", hidden);
    }
}
