package org.jllm.torch;

import java.util.List;

/** What surrounds the script of an architecture in its archive. */
enum ScriptFrame {
    /** Decoders that keep keys and values. */
    DECODER("runtime_decoder", List.of("weights", "packing", "layers", "cache", "rotary", "attention", "decoder")),
    /** Decoders that keep a state. */
    RECURRENT_DECODER("runtime_decoder", List.of("weights", "packing", "layers", "cache", "state")) {
        @Override
        String adapt(String methods) {
            return methods.replace("__torch__.cache.KvCache", "__torch__.state.StateCache")
                    .replace("__torch__.decoder.Decoder", "__torch__.state.Decoder");
        }
    },
    ENCODER("runtime_encoder", List.of("weights", "packing", "layers", "rotary", "encoder", "bert")),
    /** Encoders of sound. */
    AUDIO("runtime_audio", List.of("weights", "packing", "layers", "rotary", "encoder", "bert"));

    private final String methods;
    private final List<String> sources;

    ScriptFrame(String methods, List<String> sources) {
        this.methods = methods;
        this.sources = sources;
    }

    /** The resource of the methods that Java calls, without {@code .py}. */
    String methods() {
        return methods;
    }

    /** Resources, without {@code .py}, that architectures are made of. */
    List<String> sources() {
        return sources;
    }

    /** The methods, with the classes that they have here. */
    String adapt(String source) {
        return source;
    }
}
