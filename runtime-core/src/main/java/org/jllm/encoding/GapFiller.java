package org.jllm.encoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.MaskedLanguageModel;
import org.jllm.api.UnsupportedModelException;

/** Fills the gaps of texts with an encoder that has the head of a masked language model. */
public final class GapFiller implements MaskedLanguageModel {
    private static final Set<EncoderOutput> WANTED = EnumSet.of(EncoderOutput.MASKED_LM);
    private static final String USUAL = "[MASK]";

    private final EncoderModel model;
    private final String mask;
    private final int maskId;

    /**
     * Takes over the model, also where it fails.
     *
     * @throws UnsupportedModelException if the model cannot fill gaps
     */
    public GapFiller(EncoderModel model) {
        this.model = model;
        try {
            model.require("fill gaps", WANTED);
            String name = model.tokenizer().specialTokens().byRole().get("mask_token");
            mask = name == null ? USUAL : name;
            maskId = model.tokenizer()
                    .id(mask)
                    .orElseThrow(() -> new UnsupportedModelException(
                            model.name() + " cannot fill gaps: its tokenizer has no token for a gap"));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public String maskToken() {
        return mask;
    }

    @Override
    public List<List<Filling>> fill(String text, int count) {
        if (count < 1) {
            throw new InvalidRequestException("the number of fillings must be at least 1, not " + count);
        }
        String own = text.replace(USUAL, mask);
        EncoderInput input = model.input(own);
        int[] gaps = IntStream.range(0, input.length())
                .filter(i -> input.ids()[i] == maskId)
                .toArray();
        if (gaps.length == 0) {
            throw new InvalidRequestException("the text has no gap: write " + mask + " where a word is to be found");
        }
        float[][] rows =
                model.encode(List.of(input.asking(gaps)), WANTED).get(0).rows(EncoderOutput.MASKED_LM);
        List<List<Filling>> fillings = new ArrayList<>();
        for (float[] logits : rows) {
            fillings.add(best(own, logits, count, gaps.length == 1));
        }
        return fillings;
    }

    private List<Filling> best(String text, float[] logits, int count, boolean only) {
        double[] probabilities = Probabilities.softmax(logits);
        int known = Math.min(logits.length, model.tokenizer().size());
        return IntStream.range(0, known)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -probabilities[id]))
                .limit(count)
                .map(id -> filling(text, id, probabilities[id], only))
                .toList();
    }

    private Filling filling(String text, int id, double probability, boolean only) {
        String token = model.tokenizer().token(id);
        String bare = token.replaceFirst("^(##|▁)", "");
        return new Filling(id, token, probability, only ? text.replace(mask, bare) : bare);
    }

    @Override
    public void close() {
        model.close();
    }
}
