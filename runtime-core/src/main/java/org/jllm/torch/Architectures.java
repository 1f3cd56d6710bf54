package org.jllm.torch;

import java.util.List;
import java.util.TreeSet;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/** The architectures that this version runs. */
final class Architectures {
    private static final List<Architecture> ALL = List.of(new LlamaArchitecture());

    private Architectures() {}

    static Architecture of(ModelConfig config) {
        String type = config.modelType();
        for (Architecture architecture : ALL) {
            if (architecture.modelTypes().contains(type)) {
                return architecture;
            }
        }
        TreeSet<String> known = new TreeSet<>();
        ALL.forEach(architecture -> known.addAll(architecture.modelTypes()));
        throw new UnsupportedModelException(
                "model_type '" + type + "' is not one that this version runs; known are " + String.join(", ", known));
    }
}
