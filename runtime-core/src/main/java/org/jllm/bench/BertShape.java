package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** BERT with heads of 64 numbers and a masked language model's head. */
record BertShape(int hidden, int layers, int vocabulary, int context) implements ModelShape.Family {
    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add("BertForMaskedLM");
        config.put("hidden_act", "gelu");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", 4 * hidden);
        config.put("layer_norm_eps", 1e-12);
        config.put("max_position_embeddings", context);
        config.put("model_type", "bert");
        config.put("num_attention_heads", hidden / 64);
        config.put("num_hidden_layers", layers);
        config.put("pad_token_id", 0);
        config.put("type_vocab_size", 2);
        config.put("vocab_size", vocabulary);
        return config;
    }

    @Override
    public void announce(AnnouncedTensors tensors) {
        tensors.tensor("bert.embeddings.word_embeddings.weight", vocabulary, hidden);
        tensors.tensor("bert.embeddings.position_embeddings.weight", context, hidden);
        tensors.tensor("bert.embeddings.token_type_embeddings.weight", 2, hidden);
        tensors.layerNorm("bert.embeddings.LayerNorm", hidden);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "bert.encoder.layer." + layer + '.';
            for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
                tensors.linear(prefix + "attention." + name, hidden, hidden);
            }
            tensors.layerNorm(prefix + "attention.output.LayerNorm", hidden);
            tensors.linear(prefix + "intermediate.dense", 4L * hidden, hidden);
            tensors.linear(prefix + "output.dense", hidden, 4L * hidden);
            tensors.layerNorm(prefix + "output.LayerNorm", hidden);
        }
        tensors.linear("cls.predictions.transform.dense", hidden, hidden);
        tensors.layerNorm("cls.predictions.transform.LayerNorm", hidden);
        tensors.tensor("cls.predictions.bias", vocabulary);
    }
}
