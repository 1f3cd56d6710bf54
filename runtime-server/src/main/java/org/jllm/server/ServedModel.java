package org.jllm.server;

import org.jllm.api.EmbeddingModel;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LanguageModel;
import org.jllm.api.UnavailableException;

/** A model in memory. Closing it frees it. Safe for use by several threads. */
sealed interface ServedModel extends AutoCloseable {
    /** What a model is there for. */
    enum Kind {
        TEXTS,
        VECTORS;

        /** The error that a model is of this kind where the other is needed. */
        InvalidRequestException mismatch(String model) {
            return new InvalidRequestException(
                    switch (this) {
                        case TEXTS ->
                            "the model '" + model + "' continues texts and makes no embeddings: use"
                                    + " /v1/chat/completions or /v1/completions";
                        case VECTORS ->
                            "the model '" + model + "' makes embeddings and continues no texts: use /v1/embeddings";
                    });
        }
    }

    Kind kind();

    String name();

    /** Longest text, in tokens. */
    int contextLength();

    /** Ends what is being computed, as soon as that can be. */
    void cancelAll();

    @Override
    void close();

    /** A model that continues texts. */
    record Texts(LanguageModel model) implements ServedModel {
        @Override
        public Kind kind() {
            return Kind.TEXTS;
        }

        @Override
        public String name() {
            return model.name();
        }

        @Override
        public int contextLength() {
            return model.contextLength();
        }

        @Override
        public void cancelAll() {
            model.cancelAll();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** A model that makes vectors of texts. */
    final class Vectors implements ServedModel {
        private final EmbeddingModel model;
        private volatile boolean cancelled;

        Vectors(EmbeddingModel model) {
            this.model = model;
        }

        EmbeddingModel model() {
            return model;
        }

        /** @throws UnavailableException if what is being computed is to end */
        void check() {
            if (cancelled) {
                throw new UnavailableException("the server is being shut down");
            }
        }

        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }

        @Override
        public String name() {
            return model.name();
        }

        @Override
        public int contextLength() {
            return model.maxTokens();
        }

        @Override
        public void cancelAll() {
            cancelled = true;
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
