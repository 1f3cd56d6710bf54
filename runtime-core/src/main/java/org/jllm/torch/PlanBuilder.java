package org.jllm.torch;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Puts a {@link DecoderPlan} together; what is not said is not there, and each key head belongs to one head. */
final class PlanBuilder extends ScriptPlanBuilder<PlanBuilder> {
    private final DecoderSizes sizes;
    private UnaryOperator<String> names = UnaryOperator.identity();
    private int keyHeads;
    private int headSize;
    private int longestContext;
    private String embeddings = "";

    /** The plan for a script, which gets {@code heads} and {@code layers} as integers. */
    PlanBuilder(String script, DecoderSizes sizes) {
        super(script);
        this.sizes = sizes;
        longestContext = sizes.context();
        integer("heads", sizes.heads());
        integer("layers", sizes.layers());
    }

    @Override
    PlanBuilder self() {
        return this;
    }

    /** The heads of the cache; before the tensors of attention. */
    PlanBuilder cache(int keyHeads, int headSize) {
        this.keyHeads = keyHeads;
        this.headSize = headSize;
        return integer("kv_heads", keyHeads).integer("head_size", headSize);
    }

    PlanBuilder longestContext(int positions) {
        longestContext = positions;
        return this;
    }

    /** Queries, keys, values and output by the names that Llama and its kin have. */
    PlanBuilder llamaAttention(String prefix, boolean bias, boolean outputBias) {
        long queries = (long) sizes.heads() * headSize;
        long keys = (long) keyHeads * headSize;
        return linear(prefix + "q_proj", queries, sizes.hidden(), bias)
                .linear(prefix + "k_proj", keys, sizes.hidden(), bias)
                .linear(prefix + "v_proj", keys, sizes.hidden(), bias)
                .stack(prefix, "q_proj", "k_proj", "v_proj")
                .linear(prefix + "o_proj", sizes.hidden(), queries, outputBias);
    }

    /** A gated MLP by the names that Llama and its kin have. */
    PlanBuilder llamaMlp(String prefix, long intermediate, boolean bias) {
        return linear(prefix + "gate_proj", intermediate, sizes.hidden(), bias)
                .linear(prefix + "up_proj", intermediate, sizes.hidden(), bias)
                .stack(prefix, "gate_proj", "up_proj")
                .linear(prefix + "down_proj", sizes.hidden(), intermediate, bias);
    }

    /** {@code name.weight} of shape [in, out], as GPT-2 stores it, and {@code name.bias}. */
    PlanBuilder conv1d(String name, long in, long out) {
        tensors.add(TensorSpec.inputsFirst(name + ".weight", in, out));
        return tensor(name + ".bias", out);
    }

    /** {@code name.weight} and {@code name.bias}. */
    PlanBuilder layerNorm(String name) {
        return layerNorm(name, sizes.hidden());
    }

    /** {@code name.weight} alone. */
    PlanBuilder norm(String name) {
        return tensor(name + ".weight", sizes.hidden());
    }

    /** {@code name.weight}, a row for each token: the embeddings. */
    PlanBuilder tokens(String name) {
        embeddings = name;
        return tensor(name + ".weight", sizes.vocabulary(), sizes.hidden());
    }

    /** {@code name.weight}, a row for each token, unless the {@link #tokens} said before are taken for it. */
    PlanBuilder output(String name, boolean tied) {
        if (tied) {
            ignore(found -> found.equals(name + ".weight"));
        }
        tensors.add(TensorSpec.matrix((tied ? embeddings : name) + ".weight", sizes.vocabulary(), sizes.hidden()));
        return flag("tied", tied);
    }

    /** What the script calls a tensor of the checkpoint. */
    PlanBuilder names(UnaryOperator<String> names) {
        this.names = names;
        return this;
    }

    /** The names of a checkpoint of the model without its head lack a prefix. */
    PlanBuilder optionalPrefix(String prefix, String head) {
        return names(name -> name.startsWith(prefix) || name.startsWith(head) ? name : prefix + name);
    }

    PlanBuilder rotary(RotarySettings settings, int headSize) {
        return integer("rotary_size", settings.size(headSize))
                .number("theta", settings.theta())
                .number("factor", settings.factor());
    }

    DecoderPlan build() {
        return new DecoderPlan(
                script,
                List.copyOf(tensors),
                names,
                ignorable,
                new CacheShape.KeysAndValues(sizes.layers(), keyHeads, headSize),
                sizes.hidden(),
                sizes.vocabulary(),
                sizes.context(),
                longestContext,
                Map.copyOf(integers),
                Map.copyOf(numbers),
                Map.copyOf(lists));
    }
}
