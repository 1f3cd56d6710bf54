package org.jllm.encoding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jllm.api.TextSimilarity;

/** Compares the means of the last hidden states of texts. */
public final class MeanSimilarity implements TextSimilarity {
    private static final Set<EncoderOutput> WANTED = EnumSet.of(EncoderOutput.MEAN);

    private final EncoderModel model;

    /** Takes over the model. */
    public MeanSimilarity(EncoderModel model) {
        this.model = model;
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
        List<EncodedText> results = model.encode(inputs, WANTED);
        float[] first = results.get(0).row(EncoderOutput.MEAN);
        return results.subList(1, results.size()).stream()
                .map(result -> Cosine.of(first, result.row(EncoderOutput.MEAN)))
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
