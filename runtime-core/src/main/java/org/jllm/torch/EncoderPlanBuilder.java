package org.jllm.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;
import org.jllm.torch.EncoderPlan.Sizes;
import org.jspecify.annotations.Nullable;

/** Puts an {@link EncoderPlan} together; what is not said is not there. */
final class EncoderPlanBuilder extends ScriptPlanBuilder<EncoderPlanBuilder> {
    private final DecoderSizes sizes;
    private final List<EncoderPart> parts = new ArrayList<>();
    private final EncoderLabels labels;
    private int types = 1;
    private int context;
    private int positions;
    private int paddingId = -1;
    private int boxes;
    private int entities;
    private boolean hidesTokens;

    /** The plan for a script, which gets {@code heads} and {@code layers} as integers. */
    EncoderPlanBuilder(String script, DecoderSizes sizes, ModelConfig config) {
        super(script);
        this.sizes = sizes;
        labels = EncoderLabels.read(config);
        context = sizes.context();
        positions = sizes.context();
        integer("heads", sizes.heads());
        integer("layers", sizes.layers());
        integer("tanh", Activation.TANH.ordinal());
        integer("gelu", Activation.GELU.ordinal());
        integer("relu", Activation.RELU.ordinal());
        flag("labels_tokens", labels.ofTokens());
    }

    @Override
    EncoderPlanBuilder self() {
        return this;
    }

    int hidden() {
        return sizes.hidden();
    }

    int vocabulary() {
        return sizes.vocabulary();
    }

    /** Positions that may be given. */
    int positions() {
        return positions;
    }

    EncoderLabels labels() {
        return labels;
    }

    EncoderPlanBuilder types(int count) {
        types = count;
        return this;
    }

    /** Most tokens of a text, and positions that may be given; 0: none. */
    EncoderPlanBuilder context(int tokens, int given) {
        context = tokens;
        positions = given;
        return this;
    }

    /** Positions begin after this id's number, and its own tokens have that number. */
    EncoderPlanBuilder positionsAfter(int padding) {
        paddingId = padding;
        return this;
    }

    EncoderPlanBuilder boxes(int coordinates) {
        boxes = coordinates;
        return this;
    }

    EncoderPlanBuilder entities(int count) {
        entities = count;
        return this;
    }

    /** Its attention leaves out tokens that are not to be seen. */
    EncoderPlanBuilder hidesTokens() {
        hidesTokens = true;
        return this;
    }

    /**
     * What a checkpoint may have.
     *
     * @param output what it computes; null for a part that others use
     * @param key the tensor whose presence means that all are there
     * @param content says which tensors it has
     */
    EncoderPlanBuilder part(@Nullable EncoderOutput output, String key, Consumer<EncoderPlanBuilder> content) {
        return labelledPart(output, List.of(), key, content);
    }

    /** What a checkpoint may have, whose logits have labels. */
    EncoderPlanBuilder labelledPart(
            @Nullable EncoderOutput output, List<String> names, String key, Consumer<EncoderPlanBuilder> content) {
        int before = tensors.size();
        content.accept(this);
        List<TensorSpec> own = tensors.subList(before, tensors.size());
        parts.add(new EncoderPart(output, key, own, names));
        own.clear();
        return this;
    }

    EncoderPlan build() {
        return new EncoderPlan(
                script,
                List.copyOf(tensors),
                List.copyOf(parts),
                ignorable,
                new Sizes(
                        sizes.hidden(),
                        sizes.vocabulary(),
                        types,
                        context,
                        positions,
                        paddingId,
                        boxes,
                        entities,
                        hidesTokens),
                labels.problem(),
                Map.copyOf(integers),
                Map.copyOf(numbers),
                Map.copyOf(lists));
    }
}
