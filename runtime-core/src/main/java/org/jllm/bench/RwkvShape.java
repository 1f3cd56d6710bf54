package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** RWKV version 4 with channel mixing four times as wide as the model. */
record RwkvShape(int hidden, int layers, int vocabulary, int context) implements ModelShape.Family {
    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add("RwkvForCausalLM");
        config.put("attention_hidden_size", hidden);
        config.put("bos_token_id", 0);
        config.put("context_length", context);
        config.put("eos_token_id", 0);
        config.put("hidden_size", hidden);
        config.put("intermediate_size", 4 * hidden);
        config.put("layer_norm_epsilon", 1e-5);
        config.put("model_type", "rwkv");
        config.put("num_hidden_layers", layers);
        config.put("rescale_every", 6);
        config.put("tie_word_embeddings", false);
        config.put("vocab_size", vocabulary);
        return config;
    }

    @Override
    public void announce(AnnouncedTensors tensors) {
        tensors.tensor("rwkv.embeddings.weight", vocabulary, hidden);
        tensors.layerNorm("rwkv.blocks.0.pre_ln", hidden);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "rwkv.blocks." + layer + '.';
            tensors.layerNorm(prefix + "ln1", hidden);
            tensors.layerNorm(prefix + "ln2", hidden);
            for (String name : List.of("decay", "first")) {
                tensors.tensor(prefix + "attention.time_" + name, hidden);
            }
            for (String name : List.of("key", "value", "receptance")) {
                tensors.tensor(prefix + "attention.time_mix_" + name, 1, 1, hidden);
                tensors.tensor(prefix + "attention." + name + ".weight", hidden, hidden);
            }
            tensors.tensor(prefix + "attention.output.weight", hidden, hidden);
            for (String name : List.of("key", "receptance")) {
                tensors.tensor(prefix + "feed_forward.time_mix_" + name, 1, 1, hidden);
            }
            tensors.tensor(prefix + "feed_forward.key.weight", 4L * hidden, hidden);
            tensors.tensor(prefix + "feed_forward.receptance.weight", hidden, hidden);
            tensors.tensor(prefix + "feed_forward.value.weight", hidden, 4L * hidden);
        }
        tensors.layerNorm("rwkv.ln_out", hidden);
        tensors.tensor("head.weight", vocabulary, hidden);
    }
}
