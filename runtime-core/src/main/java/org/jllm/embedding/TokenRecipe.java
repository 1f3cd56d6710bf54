package org.jllm.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingKind;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.TokenEmbeddings;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;

/** A vector of each token of a text (ColBERT, Khattab and Zaharia 2020). */
final class TokenRecipe implements Recipe<TokenEmbeddings> {
    private static final UnitLayer UNIT = new UnitLayer();

    private final TextReader reader;
    private final ColbertTexts texts;
    private final DenseLayer projection;
    private final EmbeddingOptions options;
    private final boolean query;
    private final int maxTokens;

    /**
     * @param maxTokens of what is read
     * @throws InvalidRequestException if the options ask for what such a model has not
     */
    TokenRecipe(TextReader reader, ColbertTexts texts, DenseLayer projection, EmbeddingOptions options, int maxTokens) {
        if (options.promptName() != null || options.dimensions() != null) {
            throw new InvalidRequestException(
                    "a model that makes a vector of each token has no prompts by name, and its vectors are not cut");
        }
        this.reader = reader;
        this.texts = texts;
        this.projection = projection;
        this.options = options;
        query = options.kind() == EmbeddingKind.QUERY;
        this.maxTokens = maxTokens;
    }

    @Override
    public PreparedText prepare(EmbeddingInput text) {
        String prompt = ColbertTexts.PLACE + (options.prompt() == null ? "" : options.prompt());
        PreparedText read = reader.read(text, prompt, maxTokens, options.truncate());
        if (read.tokens() < 2) {
            throw new InvalidRequestException("a text needs two tokens: the first, and one that becomes the marker");
        }
        EncoderInput marked = query ? texts.query(read.input()) : texts.document(read.input());
        return new PreparedText(marked, 0, read.truncated());
    }

    @Override
    public Set<EncoderOutput> outputs() {
        return EnumSet.of(EncoderOutput.HIDDEN_STATES);
    }

    @Override
    public TokenEmbeddings finish(PreparedText text, EncodedText encoded) {
        float[][] hidden = encoded.rows(EncoderOutput.HIDDEN_STATES);
        int[] ids = text.input().ids();
        List<float[]> vectors = new ArrayList<>();
        int[] kept = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (query || !texts.isDropped(ids[i])) {
                float[] vector = Finite.require(projection.apply(hidden[i]));
                kept[vectors.size()] = ids[i];
                vectors.add(Boolean.FALSE.equals(options.normalize()) ? vector : UNIT.apply(vector));
            }
        }
        int[] keptIds = Arrays.copyOf(kept, vectors.size());
        return new TokenEmbeddings(keptIds, vectors.toArray(float[][]::new), text.tokens(), text.truncated());
    }
}
