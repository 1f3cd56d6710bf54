package org.jllm.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** Shapes of published models, by the architecture and the size that they are known by. */
enum ModelShape {
    LLAMA_TINY("llama:tiny", new LlamaShape("Llama", 64, 2, 4, 2, 176, 512, 512)),
    /** llm-jp-3-150m. */
    LLAMA_150M("llama:150m", new LlamaShape("Llama", 512, 12, 8, 8, 2_048, 99_584, 4_096)),
    /** TinyLlama. */
    LLAMA_1_1B("llama:1.1b", new LlamaShape("Llama", 2_048, 22, 32, 4, 5_632, 32_000, 2_048)),
    /** Llama 2. */
    LLAMA_7B("llama:7b", new LlamaShape("Llama", 4_096, 32, 32, 32, 11_008, 32_000, 4_096)),
    MISTRAL_7B("mistral:7b", new LlamaShape("Mistral", 4_096, 32, 32, 8, 14_336, 32_000, 32_768)),
    QWEN2_0_5B("qwen2:0.5b", new LlamaShape("Qwen2", 896, 24, 14, 2, 4_864, 151_936, 32_768)),
    /** stockmark/gpt-neox-japanese-1.4b. */
    GPT_NEOX_1_4B("gpt-neox:1.4b", new GptNeoxShape(2_048, 24, 16, 50_000, 2_048)),
    /** llm-jp/llm-jp-1.3b-v1.0. */
    GPT2_1_3B("gpt2:1.3b", new Gpt2Shape(2_048, 24, 16, 50_688, 2_048)),
    /** With the vocabulary of the embedded model. */
    MAMBA_TINY("mamba:tiny", new MambaShape(64, 2, 6_000)),
    /** state-spaces/mamba-1.4b. */
    MAMBA_1_4B("mamba:1.4b", new MambaShape(2_048, 48, 50_280)),
    /** With heads of the usual size. */
    BERT_TINY("bert:tiny", new BertShape(128, 2, 6_000, 512)),
    /** tohoku-nlp/bert-base-japanese-v3. */
    BERT_BASE("bert:base", new BertShape(768, 12, 32_768, 512)),
    /** RWKV/rwkv-4-1b5-pile. */
    RWKV_1_5B("rwkv:1.5b", new RwkvShape(2_048, 24, 50_277, 1_024));

    /** What the shapes of one architecture have in common. */
    interface Family {
        /** The fields of {@code config.json} that are its own. */
        ObjectNode config();

        /** All tensors, by the names of the checkpoint. */
        void announce(AnnouncedTensors tensors);
    }

    private final String spec;

    @SuppressWarnings("ImmutableEnumChecker") // records of numbers and texts
    private final Family family;

    ModelShape(String spec, Family family) {
        this.spec = spec;
        this.family = family;
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
        return family.config().put("initializer_range", RandomWeights.DEVIATION).put("torch_dtype", dtype);
    }

    /** All tensors, by the names of the checkpoint. */
    List<Announced> tensors(ElementType type) {
        AnnouncedTensors tensors = new AnnouncedTensors(type);
        family.announce(tensors);
        return tensors.list();
    }
}
