package org.jllm.cli;

import java.nio.file.Path;
import java.util.List;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Similarity;
import org.jllm.corpus.TextRecord;
import org.jllm.corpus.TextSource;
import org.jllm.corpus.WrittenVectors;

/** Goes on behind the vectors that a file has, if they are of the same texts, model and settings. */
record Resumption(Path file, WrittenVectors written) {
    /** Half precision and quantised weights depend a little on what else is in a batch. */
    private static final double LEAST_COSINE = 0.99;

    /**
     * Passes over the texts that have a vector, and compares that of the last one.
     *
     * @throws InvalidRequestException if the input ends before, or the vector is another
     */
    void check(TextSource source, EmbeddingModel model, EmbeddingOptions options) {
        TextRecord last = null;
        for (long i = 0; i < written.next(); i++) {
            if (!source.hasNext()) {
                throw other("has vectors of " + written.next() + " texts, but the input has only " + i);
            }
            last = source.next();
        }
        float[] there = written.last();
        if (last == null || Float.isNaN(there[0])) {
            return;
        }
        if (last.text() == null) {
            throw other("has a vector for line " + last.line() + ", which cannot be read");
        }
        if (Similarity.cosine(first(last.text(), model, options), there) < LEAST_COSINE && !isZero(there)) {
            throw other("has another vector for line " + last.line());
        }
    }

    private static float[] first(String text, EmbeddingModel model, EmbeddingOptions options) {
        List<EmbeddingInput.Text> texts = List.of(new EmbeddingInput.Text(text));
        if (model.lateInteraction()) {
            return model.embedTokens(texts, options).get(0).vectors()[0];
        }
        Embedding embedding = model.embed(texts, options).get(0);
        return embedding.vector();
    }

    private static boolean isZero(float[] vector) {
        for (float value : vector) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private InvalidRequestException other(String problem) {
        return new InvalidRequestException(
                file + " " + problem + ": it was written from another input, by another model or with other settings");
    }
}
