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
            new JapaneseStableLmAlphaArchitecture());

    private Architectures() {}

    static Optional<Architecture> find(String modelType) {
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
        return find(config.modelType())
                .orElseThrow(() -> new UnsupportedModelException("model_type '" + config.modelType()
                        + "' is not one that this version runs; known are " + String.join(", ", modelTypes())));
    }
}
