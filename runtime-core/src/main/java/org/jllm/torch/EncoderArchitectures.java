package org.jllm.torch;

import java.util.List;
import java.util.Optional;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/** The architectures of encoders that this version runs. */
final class EncoderArchitectures {
    private static final List<EncoderArchitecture> ALL = List.of(
            new BertArchitecture(),
            new DistilBertArchitecture(),
            new RobertaArchitecture(),
            new ElectraArchitecture(),
            new AlbertArchitecture(),
            new LayoutLmArchitecture(),
            new RoFormerArchitecture(),
            new LukeArchitecture(),
            new DebertaV2Architecture(),
            new BigBirdArchitecture(),
            new XlnetArchitecture());

    private EncoderArchitectures() {}

    static Optional<EncoderArchitecture> find(ModelConfig config) {
        String modelType = config.stringOr("model_type", "");
        return ALL.stream()
                .filter(architecture -> architecture.modelTypes().contains(modelType))
                .findFirst();
    }

    /** @throws UnsupportedModelException if the configuration's {@code model_type} is not that of an encoder */
    static EncoderArchitecture of(ModelConfig config) {
        return find(config).orElseThrow(() -> none(config));
    }

    /** The error that a configuration is of no encoder that this version runs. */
    static UnsupportedModelException none(ModelConfig config) {
        return new UnsupportedModelException(
                Architectures.find(config).isPresent()
                        ? "model_type '" + Architectures.modelType(config)
                                + "' continues texts and is no encoder: use 'jllm run'"
                        : "model_type '" + config.modelType() + "' is not an encoder that this version runs; known are "
                                + String.join(", ", modelTypes()));
    }

    /** Every {@code model_type} that is known, in the order of the alphabet. */
    static List<String> modelTypes() {
        return ALL.stream()
                .flatMap(architecture -> architecture.modelTypes().stream())
                .sorted()
                .toList();
    }
}
