package org.jllm.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** Shapes of published models, by the architecture and the size that they are known by. */
enum ModelShape {
    LLAMA_TINY("llama:tiny", "Llama", 64, 2, 4, 2, 176, 512, 512),
    /** llm-jp-3-150m. */
    LLAMA_150M("llama:150m", "Llama", 512, 12, 8, 8, 2_048, 99_584, 4_096),
    /** TinyLlama. */
    LLAMA_1_1B("llama:1.1b", "Llama", 2_048, 22, 32, 4, 5_632, 32_000, 2_048),
    /** Llama 2. */
    LLAMA_7B("llama:7b", "Llama", 4_096, 32, 32, 32, 11_008, 32_000, 4_096),
    MISTRAL_7B("mistral:7b", "Mistral", 4_096, 32, 32, 8, 14_336, 32_000, 32_768),
    QWEN2_0_5B("qwen2:0.5b", "Qwen2", 896, 24, 14, 2, 4_864, 151_936, 32_768);

    private final String spec;
    private final String architecture;
    private final int hidden;
    private final int layers;
    private final int heads;
    private final int keyHeads;
    private final int intermediate;
    private final int vocabulary;
    private final int context;

    ModelShape(
            String spec,
            String architecture,
            int hidden,
            int layers,
            int heads,
            int keyHeads,
            int intermediate,
            int vocabulary,
            int context) {
        this.spec = spec;
        this.architecture = architecture;
        this.hidden = hidden;
        this.layers = layers;
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.intermediate = intermediate;
        this.vocabulary = vocabulary;
        this.context = context;
    }

    /**
     * The shape of a name.
     *
     * @throws InvalidRequestException if no shape has it; lists those that there are
     */
    static ModelShape of(String spec) {
        return Arrays.stream(values())
                .filter(shape -> shape.spec.equals(spec))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("unknown model shape '" + spec + "': known are "
                        + Arrays.stream(values()).map(shape -> shape.spec).collect(Collectors.joining(", "))));
    }

    /** The {@code config.json}, as Transformers writes it for this model. */
    ObjectNode config(String dtype) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add(architecture + "ForCausalLM");
        config.put("bos_token_id", 1);
        config.put("eos_token_id", 2);
        config.put("hidden_act", "silu");
        config.put("hidden_size", hidden);
        config.put("initializer_range", RandomWeights.DEVIATION);
        config.put("intermediate_size", intermediate);
        config.put("max_position_embeddings", context);
        config.put("model_type", spec.substring(0, spec.indexOf(':')));
        config.put("num_attention_heads", heads);
        config.put("num_hidden_layers", layers);
        config.put("num_key_value_heads", keyHeads);
        config.put("rms_norm_eps", isQwen2() ? 1e-6 : 1e-5);
        config.put("rope_theta", isQwen2() ? 1e6 : 1e4);
        if (this == MISTRAL_7B) {
            config.put("sliding_window", 4_096);
        }
        config.put("tie_word_embeddings", isQwen2());
        config.put("torch_dtype", dtype);
        config.put("vocab_size", vocabulary);
        return config;
    }

    /** All tensors, by the names of the checkpoint. */
    List<Announced> tensors(ElementType type) {
        List<Announced> tensors = new ArrayList<>();
        tensors.add(tensor(type, "model.embed_tokens.weight", vocabulary, hidden));
        long keys = (long) keyHeads * (hidden / heads);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "model.layers." + layer + '.';
            tensors.add(tensor(type, prefix + "input_layernorm.weight", hidden));
            attention(tensors, type, prefix + "self_attn.q_proj", hidden);
            attention(tensors, type, prefix + "self_attn.k_proj", keys);
            attention(tensors, type, prefix + "self_attn.v_proj", keys);
            tensors.add(tensor(type, prefix + "self_attn.o_proj.weight", hidden, hidden));
            tensors.add(tensor(type, prefix + "post_attention_layernorm.weight", hidden));
            tensors.add(tensor(type, prefix + "mlp.gate_proj.weight", intermediate, hidden));
            tensors.add(tensor(type, prefix + "mlp.up_proj.weight", intermediate, hidden));
            tensors.add(tensor(type, prefix + "mlp.down_proj.weight", hidden, intermediate));
        }
        tensors.add(tensor(type, "model.norm.weight", hidden));
        if (!isQwen2()) {
            tensors.add(tensor(type, "lm_head.weight", vocabulary, hidden));
        }
        return tensors;
    }

    private void attention(List<Announced> tensors, ElementType type, String name, long out) {
        tensors.add(tensor(type, name + ".weight", out, hidden));
        if (isQwen2()) {
            tensors.add(tensor(type, name + ".bias", out));
        }
    }

    private static Announced tensor(ElementType type, String name, long... shape) {
        return new Announced(name, type, Arrays.stream(shape).boxed().toList());
    }

    private boolean isQwen2() {
        return architecture.equals("Qwen2");
    }
}
