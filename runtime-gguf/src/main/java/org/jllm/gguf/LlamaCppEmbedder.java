package org.jllm.gguf;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jllm.api.EngineException;
import org.jllm.generation.Batch;
import org.jllm.generation.ComputeGate;
import org.jllm.generation.EmbeddingBackend;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaBatch;
import org.jllm.gguf.binding.LlamaContextParams;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings by llama.cpp, pooled by it. Each text is a sequence of a batch, and a batch is computed in one go: pooling
 * ends where that does.
 */
final class LlamaCppEmbedder implements EmbeddingBackend {
    private final LlamaCpp library;
    private final LlamaModel model;
    private final Pooling pooling;
    private final Turn turn = new Turn();
    private final Pointer context;
    private final @Nullable Pointer memory;
    private final Optional<Threadpool> threads;
    private final int contextLength;
    private final int vocabularySize;
    private final int embeddingSize;
    private final int mostRows;
    private final int mostTexts;
    private final int[] sequenceOf;
    private final NativeBatch nativeBatch;

    /** Takes over the model: closing the embedder closes it, and so does a failure here. */
    LlamaCppEmbedder(
            LlamaCpp library, LlamaModel model, Adapters adapters, ContextPlan plan, Pooling pooling, boolean onCpu) {
        this.library = library;
        this.model = model;
        this.pooling = pooling;
        try {
            context = model.newContext(library, params(plan, pooling, onCpu), plan.cells());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        adapters.apply(context);
        threads = Threadpool.attach(library, context, plan.threads());
        memory = Llama.llama_get_memory(context);
        contextLength = plan.context();
        vocabularySize = model.vocabularySize();
        embeddingSize = Llama.llama_model_n_embd_out(model.handle());
        mostRows = Math.min(Llama.llama_n_batch(context), plan.batchRows());
        mostTexts = plan.slots();
        sequenceOf = IntStream.range(0, mostTexts).toArray();
        nativeBatch = new NativeBatch(mostRows, 0);
    }

    private static LlamaContextParams params(ContextPlan plan, Pooling pooling, boolean onCpu) {
        LlamaContextParams params = plan.params(onCpu);
        params.embeddings = 1;
        params.pooling_type = pooling.number();
        return params;
    }

    @Override
    public int embeddingSize() {
        return embeddingSize;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    /** {@inheritDoc} Without pooling there is a row for each token, those of a text after those of the text before. */
    @Override
    public float[][] embed(List<int[]> texts) {
        return turn.take(() -> {
            List<int[]> checked = texts.stream().map(this::checked).toList();
            List<float[]> rows = new ArrayList<>();
            for (int from = 0; from < checked.size(); ) {
                int to = end(checked, from);
                embed(checked.subList(from, to), rows);
                from = to;
            }
            return rows.toArray(float[][]::new);
        });
    }

    /** A copy, which no other thread can change after it was checked. */
    private int[] checked(int[] text) {
        int[] tokens = text.clone();
        if (tokens.length < 1 || tokens.length > contextLength) {
            throw new IllegalArgumentException(
                    "a text of " + tokens.length + " tokens; it takes 1 to " + contextLength);
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabularySize) {
                throw new IllegalArgumentException("token " + token + " is not in the vocabulary of " + vocabularySize);
            }
        }
        return tokens;
    }

    /** Where the batch ends that begins with a text. */
    private int end(List<int[]> texts, int from) {
        int rows = 0;
        int to = from;
        while (to < texts.size() && to - from < mostTexts && rows + texts.get(to).length <= mostRows) {
            rows += texts.get(to++).length;
        }
        return to;
    }

    private void embed(List<int[]> texts, List<float[]> into) {
        Batch batch = new Batch();
        for (int text = 0; text < texts.size(); text++) {
            int[] tokens = texts.get(text);
            for (int i = 0; i < tokens.length; i++) {
                batch.add(text, i, tokens[i], true);
            }
        }
        compute(nativeBatch.fill(batch, 0, batch.size(), sequenceOf));
        int rows = pooling == Pooling.NONE ? batch.size() : texts.size();
        for (int row = 0; row < rows; row++) {
            Pointer values = pooling == Pooling.NONE
                    ? Llama.llama_get_embeddings_ith(context, row)
                    : Llama.llama_get_embeddings_seq(context, row);
            if (values == null) {
                throw new EngineException(model.file() + ": llama.cpp gave no embedding for row " + row);
            }
            into.add(values.getFloatArray(0, embeddingSize));
        }
    }

    private void compute(LlamaBatch rows) {
        library.log().forgetError();
        Pointer cache = memory;
        int status = ComputeGate.call(() -> {
            if (cache == null || model.isEncoder()) {
                return Llama.llama_encode(context, rows);
            }
            Llama.llama_memory_clear(cache, (byte) 0);
            return Llama.llama_decode(context, rows);
        });
        if (status != 0) {
            throw new EngineException("llama.cpp could not compute embeddings (" + status + "): "
                    + library.log().firstError().orElse("no reason was given"));
        }
    }

    @Override
    public void close() {
        turn.end(() -> {
            Llama.llama_free(context);
            threads.ifPresent(Threadpool::close);
            model.close();
        });
    }
}
