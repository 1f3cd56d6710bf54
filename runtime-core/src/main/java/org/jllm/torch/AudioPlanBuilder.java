package org.jllm.torch;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jllm.encoding.AudioCapabilities;

/** Puts an {@link AudioPlan} together. */
final class AudioPlanBuilder extends ScriptPlanBuilder<AudioPlanBuilder> {
    private UnaryOperator<String> names = UnaryOperator.identity();

    AudioPlanBuilder(String script) {
        super(script);
    }

    @Override
    AudioPlanBuilder self() {
        return this;
    }

    /** What the script calls a tensor of the checkpoint. */
    AudioPlanBuilder names(UnaryOperator<String> given) {
        names = given;
        return this;
    }

    AudioPlan build(AudioCapabilities capabilities) {
        return new AudioPlan(
                script,
                List.copyOf(tensors),
                names,
                ignorable,
                capabilities,
                Map.copyOf(integers),
                Map.copyOf(numbers),
                Map.copyOf(lists));
    }
}
