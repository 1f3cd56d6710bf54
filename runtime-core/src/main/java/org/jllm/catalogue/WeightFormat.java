package org.jllm.catalogue;

import java.util.Locale;

/** The form in which a model's weights are published. */
public enum WeightFormat {
    /** Safetensors or {@code pytorch_model.bin} with a {@code config.json}. */
    TRANSFORMERS,
    /** Matrices of 4 bits in safetensors, with {@code quantize_config.json}. */
    GPTQ,
    GGUF,
    /** A graph, with a {@code config.json} and a tokenizer. */
    ONNX,
    /** An adapter in PEFT form, for the weights of another repository. */
    PEFT,
    /** A file of PyTorch without a {@code config.json}. */
    PTH,
    FAIRSEQ,
    TENSORFLOW,
    NEMO,
    ESPNET,
    DIFFUSERS;

    /** As the catalogue writes it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
