package org.jllm.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jllm.checkpoint.pickle.PickleException;
import org.jllm.checkpoint.pickle.PickleValue;
import org.jllm.checkpoint.pickle.PickleValue.Dict;
import org.jspecify.annotations.Nullable;

/** Finds the tensors in what a file of {@code torch.save} holds. */
final class StateDict {
    /** Where training scripts put the weights beside the state of the optimiser. */
    private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model", "module");

    private static final int MOST_WRAPPERS = 4;

    private StateDict() {}

    /**
     * The tensors by name, in the order of the file. Other values beside them, such as a step count, are left out.
     *
     * @throws PickleException if it holds none
     */
    static Map<String, PickledTensor> tensors(PickleValue root) {
        PickleValue value = root;
        for (int i = 0; i < MOST_WRAPPERS; i++) {
            if (!(value instanceof Dict dict)) {
                throw new PickleException("holds " + value.kind() + " where a state_dict is expected");
            }
            Dict inner = wrapped(dict);
            if (inner == null || (holdsTensors(dict) && !holdsTensors(inner))) {
                break;
            }
            value = inner;
        }
        Map<String, PickledTensor> tensors = new LinkedHashMap<>();
        if (value instanceof Dict dict) {
            dict.entries().forEach((name, element) -> {
                if (element instanceof PickledTensor tensor) {
                    tensors.put(name, tensor);
                }
            });
            if (tensors.isEmpty()) {
                throw new PickleException("holds a dictionary without tensors; its keys are "
                        + StrictJson.bounded(
                                dict.entries().keySet().stream().limit(20).collect(Collectors.joining(", "))));
            }
        }
        return tensors;
    }

    private static @Nullable Dict wrapped(Dict dict) {
        for (String name : WRAPPERS) {
            if (dict.entries().get(name) instanceof Dict inner) {
                return inner;
            }
        }
        return null;
    }

    private static boolean holdsTensors(Dict dict) {
        return dict.entries().values().stream().anyMatch(PickledTensor.class::isInstance);
    }
}
