package org.jllm.encoding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jllm.api.TextSimilarity;

/** Compares what the last hidden states of texts are pooled to. */
public final class PooledSimilarity implements TextSimilarity {
    private final EncoderModel model;
    private final EncoderOutput pooled;

    /**
     * Takes over the model.
     *
     * @param firstToken whether the first token stands for a text; else the mean of all does
     */
    public PooledSimilarity(EncoderModel model, boolean firstToken) {
        this.model = model;
        pooled = firstToken ? EncoderOutput.HIDDEN_STATES : EncoderOutput.MEAN;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<Double> similarities(String text, List<String> others) {
        List<EncoderInput> inputs = new ArrayList<>();
        inputs.add(model.input(text));
        others.forEach(other -> inputs.add(model.input(other)));
        List<EncodedText> results = model.encode(inputs, EnumSet.of(pooled));
        float[] first = results.get(0).row(pooled);
        return results.subList(1, results.size()).stream()
                .map(result -> Cosine.of(first, result.row(pooled)))
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
