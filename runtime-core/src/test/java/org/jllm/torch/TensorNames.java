package org.jllm.torch;

import java.nio.file.Path;
import java.util.List;
import org.jllm.checkpoint.ModelConfig;

/** Gives tests of other packages what the architectures here expect of a checkpoint. */
public final class TensorNames {
    private TensorNames() {}

    /** Names of tensors, each with its shape after it, that the configuration in a folder asks for. */
    public static List<String> of(Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        return Architectures.of(config).plan(config).tensors().stream()
                .map(tensor -> tensor.name() + tensor.shape())
                .toList();
    }
}
