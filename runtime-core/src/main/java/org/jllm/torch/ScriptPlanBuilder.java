package org.jllm.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the plans of all scripts are put together from.
 *
 * @param <B> the builder itself
 */
abstract class ScriptPlanBuilder<B extends ScriptPlanBuilder<B>> {
    final String script;
    final List<TensorSpec> tensors = new ArrayList<>();
    final Map<String, Long> integers = new HashMap<>();
    final Map<String, Double> numbers = new HashMap<>();
    final Map<String, long[]> lists = new HashMap<>();
    Predicate<String> ignorable = name -> false;

    ScriptPlanBuilder(String script) {
        this.script = script;
    }

    abstract B self();

    B tensor(String name, long... shape) {
        tensors.add(TensorSpec.of(name, shape));
        return self();
    }

    /** {@code name.weight} of shape [out, in] and perhaps {@code name.bias}. */
    B linear(String name, long out, long in, boolean bias) {
        tensors.add(TensorSpec.matrix(name + ".weight", out, in));
        return bias ? tensor(name + ".bias", out) : self();
    }

    /**
     * Matrices {@code prefix + name + ".weight"}, said before in this order, get the same rows: the script asks
     * for all of them at once.
     */
    B stack(String prefix, String... names) {
        Set<String> members =
                Arrays.stream(names).map(name -> prefix + name + ".weight").collect(Collectors.toUnmodifiableSet());
        String first = prefix + names[0] + ".weight";
        tensors.replaceAll(spec -> members.contains(spec.name()) ? spec.in(first) : spec);
        return self();
    }

    /** Names of tensors without a meaning, beside those that were said before. */
    B ignore(Predicate<String> more) {
        ignorable = ignorable.or(more);
        return self();
    }

    /** Tensors whose names end so: buffers of older releases. */
    B ignoreBuffers(String... endings) {
        return ignore(name -> {
            for (String ending : endings) {
                if (name.endsWith(ending)) {
                    return true;
                }
            }
            return false;
        });
    }

    B integer(String name, long value) {
        integers.put(name, value);
        return self();
    }

    B flag(String name, boolean value) {
        return integer(name, value ? 1 : 0);
    }

    B number(String name, double value) {
        numbers.put(name, value);
        return self();
    }

    B list(String name, long... values) {
        lists.put(name, values);
        return self();
    }

    B activation(String name) {
        return integer("activation", Activation.of(name).ordinal());
    }

    /** {@code name.weight} and {@code name.bias}. */
    B layerNorm(String name, long width) {
        return tensor(name + ".weight", width).tensor(name + ".bias", width);
    }
}
