package org.jllm.torch;

import java.util.List;
import java.util.Optional;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/** The architectures that this version runs. */
final class Architectures {
    private static final List<Architecture> ALL = List.of(
            new LlamaArchitecture(),
            new GptNeoxArchitecture(),
            new Gpt2Architecture(),
            new GptNeoArchitecture(),
            new GptJArchitecture(),
            new MptArchitecture(),
            new StableLmArchitecture(),
            new PlamoArchitecture(),
            new QwenArchitecture(),
            new JapaneseStableLmAlphaArchitecture(),
            new MambaArchitecture(),
            new RwkvArchitecture());

    private Architectures() {}

    /** The configuration's {@code model_type}, or what its other fields say where it has none. */
    static String modelType(ModelConfig config) {
        if (!config.has("model_type")) {
            for (Architecture architecture : ALL) {
                if (architecture.recognizes(config)) {
                    return architecture.modelTypes().iterator().next();
                }
            }
        }
        return config.modelType();
    }

    static Optional<Architecture> find(ModelConfig config) {
        String modelType = modelType(config);
        return ALL.stream()
                .filter(architecture -> architecture.modelTypes().contains(modelType))
                .findFirst();
    }

    /** Every {@code model_type} that is known, in the order of the alphabet. */
    static List<String> modelTypes() {
        return ALL.stream()
                .flatMap(architecture -> architecture.modelTypes().stream())
                .sorted()
                .toList();
    }

    /** @throws UnsupportedModelException if the configuration's {@code model_type} is not known */
    static Architecture of(ModelConfig config) {
        return find(config)
                .orElseThrow(() -> new UnsupportedModelException("model_type '" + config.modelType()
                        + "' is not one that this version runs; known are " + String.join(", ", modelTypes())));
    }
}
