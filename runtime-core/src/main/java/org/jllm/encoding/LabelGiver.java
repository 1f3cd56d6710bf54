package org.jllm.encoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.TextClassifier;
import org.jspecify.annotations.Nullable;

/** Labels texts or tokens with an encoder that has a head for that. */
public final class LabelGiver implements TextClassifier {
    private static final Set<EncoderOutput> OF_TEXTS = EnumSet.of(EncoderOutput.TEXT_LABELS);
    private static final Set<EncoderOutput> OF_TOKENS = EnumSet.of(EncoderOutput.TOKEN_LABELS);

    private final EncoderModel model;
    private final boolean labelsTokens;

    /**
     * Takes over the model, also where it fails.
     *
     * @throws org.jllm.api.UnsupportedModelException if the model labels nothing
     */
    public LabelGiver(EncoderModel model) {
        this.model = model;
        try {
            model.require("classify", EnumSet.of(EncoderOutput.TEXT_LABELS, EncoderOutput.TOKEN_LABELS));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        labelsTokens = !model.capabilities().outputs().contains(EncoderOutput.TEXT_LABELS);
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<String> labels() {
        return model.capabilities().labels();
    }

    @Override
    public boolean labelsTokens() {
        return labelsTokens;
    }

    @Override
    public List<List<Label>> classify(List<String> texts) {
        return classifyInputs(texts.stream().map(model::input).toList());
    }

    @Override
    public List<Label> classify(String first, @Nullable String second) {
        return classifyInputs(List.of(model.input(first, second))).get(0);
    }

    private List<List<Label>> classifyInputs(List<EncoderInput> inputs) {
        if (labelsTokens) {
            throw new InvalidRequestException(model.name() + " labels the tokens of a text, not the text");
        }
        return model.encode(inputs, OF_TEXTS).stream()
                .map(result -> labelled(result.row(EncoderOutput.TEXT_LABELS)))
                .toList();
    }

    @Override
    public List<LabelledToken> classifyTokens(String text) {
        if (!labelsTokens) {
            throw new InvalidRequestException(model.name() + " labels texts, not their tokens");
        }
        EncoderInput input = model.input(text);
        float[][] rows = model.encode(List.of(input), OF_TOKENS).get(0).rows(EncoderOutput.TOKEN_LABELS);
        List<LabelledToken> tokens = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            tokens.add(new LabelledToken(model.tokenizer().token(input.ids()[i]), labelled(rows[i])));
        }
        return tokens;
    }

    private List<Label> labelled(float[] logits) {
        double[] scores = scores(logits);
        return IntStream.range(0, scores.length)
                .mapToObj(i -> new Label(labels().get(i), scores[i]))
                .sorted(Comparator.comparingDouble((Label label) -> -label.score()))
                .toList();
    }

    private double[] scores(float[] logits) {
        String problem = model.capabilities().problem();
        if ("regression".equals(problem)) {
            return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        }
        boolean each = logits.length == 1 || "multi_label_classification".equals(problem);
        return each ? Probabilities.sigmoid(logits) : Probabilities.softmax(logits);
    }

    @Override
    public void close() {
        model.close();
    }
}
