package org.jllm.torch;

import java.util.Set;
import org.jllm.checkpoint.ModelConfig;

/**
 * One architecture of encoders: how the fields of {@code config.json} become an {@link EncoderPlan}. Adding one takes an
 * implementation, its script, and a line in {@link EncoderArchitectures}.
 */
interface EncoderArchitecture {
    /** The values of {@code model_type} that it covers. */
    Set<String> modelTypes();

    /**
     * The plan of a configuration, with the defaults that the reference's class has where the file says nothing.
     *
     * @throws org.jllm.api.InvalidModelException if fields contradict each other
     * @throws org.jllm.api.UnsupportedModelException if a field asks for something that the script does not do
     */
    EncoderPlan plan(ModelConfig config);
}
