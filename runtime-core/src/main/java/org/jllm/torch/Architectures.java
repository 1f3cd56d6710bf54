package org.jllm.torch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StoredTensor;

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

    private static final String CONFIG = "config.json";

    private Architectures() {}

    /** The configuration of a folder: its {@code config.json}, or what its tensors say where they are enough. */
    static ModelConfig configuration(Path files) {
        if (Files.isDirectory(files) && !Files.exists(files.resolve(CONFIG))) {
            Map<String, StoredTensor> tensors = Checkpoint.open(files).tensors();
            for (Architecture architecture : ALL) {
                Optional<String> json = architecture.configurationOf(tensors);
                if (json.isPresent()) {
                    return ModelConfig.parse(json.get(), "the shapes of " + files);
                }
            }
        }
        return ModelConfig.read(files);
    }

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
                .orElseThrow(() -> new UnsupportedModelException(
                        EncoderArchitectures.find(config).isPresent()
                                ? "model_type '" + config.modelType()
                                        + "' is an encoder and continues no texts: use 'jllm embed', 'jllm fill',"
                                        + " 'jllm classify' or 'jllm similarity'"
                                : "model_type '" + config.modelType()
                                        + "' is not one that this version runs; known are "
                                        + String.join(", ", modelTypes())));
    }
}
