package org.jllm.api;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A loaded model that makes vectors of texts. Most make one of each; those of which {@link #lateInteraction} is true make
 * one of each token.
 *
 * <p>Safe for use by several threads: the texts of all callers are computed together, each waits for its own, and a text gets
 * the vector that it would get alone (in float32 to 1e-5).
 */
public interface EmbeddingModel extends AutoCloseable {
    /** The name that it was opened by. */
    String name();

    /** Numbers of a vector. */
    int dimensions();

    /** Longest text, special tokens included; what is more is cut or refused. */
    int maxTokens();

    /** Texts that the model wants before others, by name; often {@code query} and {@code document}. May be empty. */
    Map<String, String> prompts();

    /** Whether the model makes a vector of each token, to be compared token by token, and none of a whole text. */
    boolean lateInteraction();

    /** The vector of a text, all as the model's files say. */
    default Embedding embed(String text) {
        return embed(text, EmbeddingOptions.defaults());
    }

    /** The vector of a text; fails like {@link #embed(List, EmbeddingOptions)}. */
    default Embedding embed(String text, EmbeddingOptions options) {
        return embed(List.of(new EmbeddingInput.Text(text)), options).get(0);
    }

    /** The vectors of texts, in their order, all as the model's files say. */
    default List<Embedding> embed(List<String> texts) {
        return embed(texts.stream().map(EmbeddingInput.Text::new).toList(), EmbeddingOptions.defaults());
    }

    /**
     * The vectors of any number of texts, in their order.
     *
     * @throws InvalidRequestException if a text is empty to the model, has an id that is none, or is longer than
     *     {@link #maxTokens} and must not be cut; if the options do not fit the model; or if it makes vectors of tokens only
     * @throws EngineException if the model gives numbers that are not finite
     * @throws UnavailableException if the model is being closed
     */
    List<Embedding> embed(List<? extends EmbeddingInput> texts, EmbeddingOptions options);

    /**
     * The vectors of more texts than memory holds, in their order. A few thousand texts are read ahead, on the thread that
     * calls the iterator, which is for one thread.
     *
     * @param texts a {@link JllmException} that {@code next} throws becomes the outcome of that text
     * @return an outcome for each text; what is wrong with one does not stop the others. A model that is closed or fails
     *     as a whole does: its exception is thrown
     */
    Iterator<EmbeddingOutcome<Embedding>> embedAll(Iterator<? extends EmbeddingInput> texts, EmbeddingOptions options);

    /** The vectors of a stream of texts, in their order and in constant memory; the first text that fails ends it. */
    default Stream<Embedding> embed(Stream<String> texts, EmbeddingOptions options) {
        Iterator<EmbeddingOutcome<Embedding>> outcomes =
                embedAll(texts.map(EmbeddingInput.Text::new).iterator(), options);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(outcomes, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .map(EmbeddingOutcome::orThrow)
                .onClose(texts::close);
    }

    /**
     * The vectors of the tokens of texts, in their order; fails like {@link #embed(List, EmbeddingOptions)}.
     *
     * @throws InvalidRequestException if {@link #lateInteraction} is false
     */
    List<TokenEmbeddings> embedTokens(List<? extends EmbeddingInput> texts, EmbeddingOptions options);

    /** As {@link #embedAll}, a vector for each token. */
    Iterator<EmbeddingOutcome<TokenEmbeddings>> embedAllTokens(
            Iterator<? extends EmbeddingInput> texts, EmbeddingOptions options);

    /** Sorts documents by how well they answer a query; it lives as long as this model and needs no closing. */
    Reranker reranker();

    /** Waits for no more texts, fails those that wait, and frees the model. Closing twice is fine. */
    @Override
    void close();
}
