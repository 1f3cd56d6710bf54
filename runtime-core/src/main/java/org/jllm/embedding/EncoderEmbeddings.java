package org.jllm.embedding;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingKind;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Reranker;
import org.jllm.api.TokenEmbeddings;
import org.jllm.api.UnsupportedModelException;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderOutput;
import org.jllm.encoding.SharedEncoder;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Vectors by an encoder, as the plan of its folder says. */
public final class EncoderEmbeddings implements EmbeddingModel {
    private final String name;
    private final EmbeddingPlan plan;
    private final Tokenizer tokenizer;
    private final SharedEncoder encoder;
    private final TextReader reader;
    private final @Nullable ColbertTexts colbert;
    private final int maxTokens;
    private final int dimensions;

    /**
     * Takes over engine and tokenizer, also where it fails, and tries the model with a short text.
     *
     * @throws InvalidModelException if the parts do not fit each other, or the model gives numbers that are not finite
     * @throws UnsupportedModelException if the engine does not give what the plan needs
     */
    public EncoderEmbeddings(String name, EmbeddingPlan plan, EncoderBackend backend, Tokenizer tokenizer) {
        this.name = name;
        this.plan = plan;
        this.tokenizer = tokenizer;
        encoder = new SharedEncoder(name, backend);
        try {
            reader = new TextReader(tokenizer, plan.texts().lowerCase());
            colbert = plan.colbert()
                    .map(settings -> new ColbertTexts(settings, tokenizer))
                    .orElse(null);
            int context = encoder.capabilities().contextLength();
            maxTokens = Math.min(
                    plan.colbert()
                            .map(ColbertSettings::documentTokens)
                            .orElse(plan.texts().maxTokens()),
                    context);
            plan.colbert().ifPresent(settings -> check(settings, encoder.capabilities()));
            dimensions = tried();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void check(ColbertSettings settings, EncoderCapabilities capabilities) {
        if (!settings.attendsToMasks() && !capabilities.hidesTokens()) {
            throw new UnsupportedModelException(
                    name + " fills queries with masks that no token sees, which its engine or architecture cannot do");
        }
        if (settings.queryTokens() > capabilities.contextLength()) {
            throw new InvalidModelException(name + " fills queries to " + settings.queryTokens() + " tokens, but has "
                    + capabilities.contextLength() + " positions");
        }
    }

    private int tried() {
        List<EmbeddingInput.Tokens> probe = List.of(new EmbeddingInput.Tokens(reader.probe()));
        try {
            if (colbert == null) {
                checkWidths();
                return embed(probe, EmbeddingOptions.defaults()).get(0).vector().length;
            }
            DenseLayer projection = plan.projection().orElseThrow();
            int width = projection.width(encoder.capabilities().hiddenSize());
            int said = plan.colbert().orElseThrow().dimensions();
            if (width != said) {
                throw new InvalidModelException(
                        name + ": dim is " + said + " in artifact.metadata, but linear.weight gives " + width);
            }
            List<EmbeddingInput.Text> text = List.of(new EmbeddingInput.Text("a"));
            embedTokens(text, EmbeddingOptions.defaults());
            return width;
        } catch (EngineException e) {
            throw new InvalidModelException(name + ": " + e.getMessage(), e);
        }
    }

    private void checkWidths() {
        if (!encoder.capabilities().outputs().contains(EncoderOutput.EMBEDDING)) {
            int width = plan.pooler().modes().size() * encoder.capabilities().hiddenSize();
            for (VectorLayer layer : plan.layers()) {
                width = layer.width(width);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public int maxTokens() {
        return maxTokens;
    }

    @Override
    public Map<String, String> prompts() {
        return plan.prompts().byName();
    }

    @Override
    public boolean lateInteraction() {
        return colbert != null;
    }

    @Override
    public List<Embedding> embed(List<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        return all(embedAll(texts.iterator(), options));
    }

    @Override
    public Iterator<EmbeddingOutcome<Embedding>> embedAll(
            Iterator<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        if (lateInteraction()) {
            throw new InvalidRequestException(
                    name + " makes a vector of each token and none of a text: ask for late interaction");
        }
        Integer wanted = options.dimensions();
        if (wanted != null && wanted > dimensions) {
            throw new InvalidRequestException(
                    "dimensions must be from 1 to the " + dimensions + " that " + name + " makes, not " + wanted);
        }
        VectorRecipe recipe = new VectorRecipe(reader, plan, encoder.capabilities(), options, maxTokens);
        return new EmbeddingWindows<>(encoder, recipe, texts);
    }

    @Override
    public List<TokenEmbeddings> embedTokens(List<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        return all(embedAllTokens(texts.iterator(), options));
    }

    @Override
    public Iterator<EmbeddingOutcome<TokenEmbeddings>> embedAllTokens(
            Iterator<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        if (colbert == null) {
            throw new InvalidRequestException(
                    name + " makes one vector of a text and none of each token: late interaction"
                            + " needs a model such as JaColBERT");
        }
        TokenRecipe recipe =
                new TokenRecipe(reader, colbert, plan.projection().orElseThrow(), options, tokenLimit(options));
        return new EmbeddingWindows<>(encoder, recipe, texts);
    }

    private int tokenLimit(EmbeddingOptions options) {
        int most = options.kind() == EmbeddingKind.QUERY
                ? plan.colbert().orElseThrow().queryTokens()
                : maxTokens;
        return options.maxTokens() == null ? most : Math.min(most, options.maxTokens());
    }

    private static <R> List<R> all(Iterator<EmbeddingOutcome<R>> outcomes) {
        List<R> results = new ArrayList<>();
        outcomes.forEachRemaining(outcome -> results.add(outcome.orThrow()));
        return results;
    }

    @Override
    public Reranker reranker() {
        return EmbeddingReranker.of(this);
    }

    @Override
    public void close() {
        encoder.close();
        tokenizer.close();
    }
}
