package org.jllm.torch;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;

/** Gives tests of other packages what the architectures here expect of a checkpoint. */
public final class TensorNames {
    private TensorNames() {}

    /**
     * Names of tensors, each with its shape after it, that the configuration in a folder asks for.
     *
     * @param stored the names that a checkpoint has: they decide which heads an encoder has
     */
    public static List<String> of(Path folder, Set<String> stored) {
        ModelConfig config = ModelConfig.read(folder);
        List<TensorSpec> tensors = EncoderArchitectures.find(config)
                .map(encoder -> encoder.plan(config).tensors(stored))
                .orElseGet(() -> Architectures.of(config).plan(config).tensors());
        return tensors.stream()
                .map(tensor -> tensor.name() + tensor.shape())
                .distinct()
                .toList();
    }
}
