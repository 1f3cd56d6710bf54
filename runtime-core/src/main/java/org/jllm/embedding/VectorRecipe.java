package org.jllm.embedding;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingOptions;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderOutput;

/** One vector of each text: pooled, through the layers of the folder, cut, brought to length 1. */
final class VectorRecipe implements Recipe<Embedding> {
    private static final UnitLayer UNIT = new UnitLayer();

    private final TextReader reader;
    private final EmbeddingPlan plan;
    private final EmbeddingOptions options;
    private final String prompt;
    private final int maxTokens;
    private final boolean skipsPrompt;
    private final boolean normalize;
    private final Set<EncoderOutput> outputs;

    /**
     * @param maxTokens that the model takes
     * @throws org.jllm.api.InvalidRequestException if the options name a prompt that there is not
     */
    VectorRecipe(
            TextReader reader,
            EmbeddingPlan plan,
            EncoderCapabilities engine,
            EmbeddingOptions options,
            int maxTokens) {
        this.reader = reader;
        this.plan = plan;
        this.options = options;
        prompt = plan.prompts().of(options);
        this.maxTokens = options.maxTokens() == null ? maxTokens : Math.min(options.maxTokens(), maxTokens);
        skipsPrompt = !prompt.isEmpty() && !plan.pooler().includePrompt();
        normalize = options.normalize() == null ? plan.normalize() : options.normalize();
        outputs = engine.outputs().contains(EncoderOutput.EMBEDDING)
                ? EnumSet.of(EncoderOutput.EMBEDDING)
                : plan.pooler().outputs(engine, skipsPrompt);
    }

    @Override
    public PreparedText prepare(EmbeddingInput text) {
        return reader.read(text, prompt, maxTokens, options.truncate());
    }

    @Override
    public Set<EncoderOutput> outputs() {
        return outputs;
    }

    @Override
    public Embedding finish(PreparedText text, EncodedText encoded) {
        float[] vector = Finite.require(whole(text, encoded));
        Integer dimensions = options.dimensions();
        if (dimensions != null) {
            vector = Arrays.copyOf(vector, dimensions);
        }
        return new Embedding(normalize ? UNIT.apply(vector) : vector, text.tokens(), text.truncated());
    }

    private float[] whole(PreparedText text, EncodedText encoded) {
        if (outputs.contains(EncoderOutput.EMBEDDING)) {
            return encoded.row(EncoderOutput.EMBEDDING);
        }
        float[] vector = Finite.require(plan.pooler().pool(encoded, skipsPrompt ? text.prompt() : 0));
        for (VectorLayer layer : plan.layers()) {
            vector = layer.apply(vector);
        }
        return vector;
    }
}
