package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Mamba with states of 16 numbers, a convolution over 4 positions, and twice the width inside. */
record MambaShape(int hidden, int layers, int vocabulary) implements ModelShape.Family {
    private static final int STATE = 16;
    private static final int KERNEL = 4;

    @Override
    public ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add("MambaForCausalLM");
        config.put("bos_token_id", 0);
        config.put("conv_kernel", KERNEL);
        config.put("eos_token_id", 0);
        config.put("expand", 2);
        config.put("hidden_act", "silu");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", 2 * hidden);
        config.put("layer_norm_epsilon", 1e-5);
        config.put("model_type", "mamba");
        config.put("num_hidden_layers", layers);
        config.put("pad_token_id", 0);
        config.put("residual_in_fp32", true);
        config.put("state_size", STATE);
        config.put("time_step_rank", rank());
        config.put("use_bias", false);
        config.put("use_conv_bias", true);
        config.put("vocab_size", vocabulary);
        return config;
    }

    private int rank() {
        return (hidden + 15) / 16;
    }

    @Override
    public void announce(AnnouncedTensors tensors) {
        long inner = 2L * hidden;
        tensors.tensor("backbone.embeddings.weight", vocabulary, hidden);
        for (int layer = 0; layer < layers; layer++) {
            String mixer = "backbone.layers." + layer + ".mixer.";
            tensors.tensor("backbone.layers." + layer + ".norm.weight", hidden);
            tensors.tensor(mixer + "A_log", inner, STATE);
            tensors.tensor(mixer + "D", inner);
            tensors.tensor(mixer + "conv1d.weight", inner, 1, KERNEL);
            tensors.tensor(mixer + "conv1d.bias", inner);
            tensors.tensor(mixer + "in_proj.weight", 2 * inner, hidden);
            tensors.tensor(mixer + "x_proj.weight", rank() + 2L * STATE, inner);
            tensors.linear(mixer + "dt_proj", inner, rank());
            tensors.tensor(mixer + "out_proj.weight", hidden, inner);
        }
        tensors.tensor("backbone.norm_f.weight", hidden);
    }
}
