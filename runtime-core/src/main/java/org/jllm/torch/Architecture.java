package org.jllm.torch;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StoredTensor;

/**
 * One architecture: how the fields of {@code config.json} become a {@link DecoderPlan}. Adding one takes an
 * implementation, its script, and a line in {@link Architectures}.
 */
interface Architecture {
    /** The values of {@code model_type} that it covers. */
    Set<String> modelTypes();

    /** Whether a configuration without model_type is one of its own. */
    default boolean recognizes(ModelConfig config) {
        return false;
    }

    /** The {@code config.json} that a checkpoint of its own stands for where it comes without one. */
    default Optional<String> configurationOf(Map<String, StoredTensor> tensors) {
        return Optional.empty();
    }

    /**
     * The plan of a configuration, with the defaults that the reference's class has where the file says nothing.
     *
     * @throws org.jllm.api.InvalidModelException if fields contradict each other
     * @throws org.jllm.api.UnsupportedModelException if a field asks for something that the script does not do
     */
    DecoderPlan plan(ModelConfig config);
}
