package org.jllm.gguf;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.generation.Batch;
import org.jllm.generation.Capabilities;
import org.jllm.generation.ComputeGate;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.NativeTime;
import org.jllm.generation.Slots;
import org.jllm.generation.Slots.Span;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaBatch;
import org.jspecify.annotations.Nullable;

/**
 * A decoder on llama.cpp. A slot is a sequence of its cache, which all share: a fork shares the cells of its origin.
 * llama.cpp ends the process on wrong arguments, so nothing gets there that {@link Slots} has not checked.
 */
final class LlamaCppDecoder implements DecoderBackend {
    private static final int END = -1;
    /** Most rows of a text in a batch that are no prompt. */
    private static final int CONTINUED_ROWS = 8;

    private final LlamaCpp library;
    private final LlamaModel model;
    private final Turn turn = new Turn();
    private final Pointer context;
    private final Pointer memory;
    private final Optional<Threadpool> threads;
    private final Capabilities capabilities;
    private final Slots slots;
    private final int[] sequenceOf;
    private final int cells;
    private final NativeBatch nativeBatch;
    private final NativeTime nativeTime = new NativeTime();
    private final ParkedCaches parked;
    private @Nullable LlamaLogits lastLogits;

    /** Takes over the model: closing the decoder closes it, and so does a failure here. */
    LlamaCppDecoder(LlamaCpp library, LlamaModel model, Adapters adapters, ContextPlan plan, boolean onCpu) {
        this.library = library;
        this.model = model;
        try {
            context = model.newContext(library, plan.params(onCpu), plan.cells());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        adapters.apply(context);
        threads = Threadpool.attach(library, context, plan.threads());
        parked = new ParkedCaches(context);
        Pointer cache = Llama.llama_get_memory(context);
        if (cache == null) {
            UnsupportedModelException failure = new UnsupportedModelException(
                    model.file() + " (" + model.architecture() + ") is no decoder: it keeps no cache");
            free();
            throw failure;
        }
        memory = cache;
        cells = Llama.llama_n_ctx(context);
        boolean rollback = !model.isRecurrent();
        capabilities = new Capabilities(
                plan.slots(),
                plan.context(),
                Llama.llama_n_batch(context),
                model.vocabularySize(),
                // Rows of embeddings come with images, which no recurrent model takes.
                rollback ? Llama.llama_model_n_embd_inp(model.handle()) : 0,
                rollback,
                rollback,
                false,
                // A recurrent state is as large for one position as for all.
                rollback ? cells : (long) plan.slots() * plan.context());
        slots = new Slots(capabilities);
        sequenceOf = IntStream.range(0, plan.slots()).toArray();
        nativeBatch = new NativeBatch(capabilities.maxBatchRows(), capabilities.embeddingSize());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void open(int slot) {
        turn.take(() -> {
            slots.open(slot);
            return slot;
        });
    }

    @Override
    public void close(int slot) {
        turn.take(() -> {
            slots.close(slot);
            parked.forget(slot);
            clear(slot);
            return slot;
        });
    }

    @Override
    public int length(int slot) {
        return turn.take(() -> slots.length(slot));
    }

    @Override
    public Logits step(Batch batch) {
        return turn.take(() -> {
            List<Span> spans = slots.check(batch);
            spans.forEach(span -> wake(span.slot()));
            if (lastLogits != null) {
                lastLogits.expire();
            }
            LlamaLogits logits = new LlamaLogits(turn, compute(batch, spans), capabilities.vocabularySize());
            spans.forEach(span -> slots.setLength(span.slot(), span.end()));
            lastLogits = logits;
            return logits;
        });
    }

    /** A batch is computed in runs of rows that llama.cpp can take together. */
    private List<LlamaLogits.Row> compute(Batch batch, List<Span> spans) {
        List<LlamaLogits.Row> logits = new ArrayList<>();
        int rows = batch.size();
        boolean[] continued = continued(batch, spans);
        for (int from = 0; from < rows; ) {
            int to = from + 1;
            while (to < rows && continued[from] == continued[to] && belongTogether(batch, from, to)) {
                to++;
            }
            decode(nativeBatch.fill(batch, from, to, sequenceOf), spans);
            for (int row = from; row < to; row++) {
                if (batch.wantsLogits(row)) {
                    Pointer values = Llama.llama_get_logits_ith(context, row - from);
                    if (values == null) {
                        throw new EngineException("llama.cpp gave no logits for row " + row);
                    }
                    boolean last = to == rows;
                    logits.add(
                            last
                                    ? LlamaLogits.Row.of(values)
                                    : LlamaLogits.Row.copyOf(values, capabilities.vocabularySize()));
                }
            }
            from = to;
        }
        return logits;
    }

    /**
     * llama.cpp takes tokens or embeddings, not both. Recurrent models get one sequence at a time: in one batch, release
     * 0.4.0 lets the states of new sequences run into each other (seen with Mamba on the CPU).
     */
    private boolean belongTogether(Batch batch, int row, int other) {
        return (batch.embedding(row) == null) == (batch.embedding(other) == null)
                && (capabilities.rollback() || batch.slot(row) == batch.slot(other));
    }

    /**
     * Rows of texts that are continued by one token, or a few guessed ones. llama.cpp could take them and prompts together,
     * but takes a fifth less time for them apart: its kernels are made for one or the other.
     */
    private static boolean[] continued(Batch batch, List<Span> spans) {
        boolean[] continued = new boolean[batch.size()];
        for (Span span : spans) {
            int first = span.firstRow();
            boolean few = span.rows() == 1 || (span.rows() <= CONTINUED_ROWS && batch.wantsLogits(first));
            Arrays.fill(continued, first, first + span.rows(), few);
        }
        return continued;
    }

    private void decode(LlamaBatch rows, List<Span> spans) {
        library.log().forgetError();
        int status = ComputeGate.call(() -> nativeTime.of(() -> Llama.llama_decode(context, rows)));
        if (status == 0) {
            return;
        }
        for (Span span : spans) {
            if (!remove(span.slot(), span.position())) {
                slots.setLength(span.slot(), 0);
            }
        }
        if (status == Llama.DECODE_NO_SLOT) {
            throw full();
        }
        throw new EngineException("llama.cpp could not compute a step (" + status + "): "
                + library.log().firstError().orElse("no reason was given"));
    }

    /** Removes the positions from {@code length} on, or, where that cannot be, all; whether the first was possible. */
    private boolean remove(int slot, int length) {
        boolean removed = Llama.llama_memory_seq_rm(memory, sequenceOf[slot], length, END) != 0;
        if (!removed) {
            clear(slot);
        }
        return removed;
    }

    private void clear(int slot) {
        Llama.llama_memory_seq_rm(memory, sequenceOf[slot], 0, END);
    }

    @Override
    public int retain(int slot, int length) {
        return turn.take(() -> {
            slots.checkLength(slot, length);
            if (parked.has(slot)) {
                boolean back = length > 0 && parked.copy(slot, sequenceOf[slot]);
                parked.forget(slot);
                if (!back) {
                    clear(slot);
                    slots.setLength(slot, 0);
                    return 0;
                }
            }
            boolean kept =
                    length == slots.length(slot) || ((length == 0 || capabilities.rollback()) && remove(slot, length));
            if (!kept) {
                clear(slot);
            }
            slots.setLength(slot, kept ? length : 0);
            return slots.length(slot);
        });
    }

    /** What is kept is parked outside of llama.cpp's cache: as much as one whole context of it. */
    @Override
    public long worthKeeping() {
        return capabilities.rollback() ? capabilities.contextLength() : capabilities.cachePositions();
    }

    /** A recurrent state costs the steps of others nothing where it is. */
    @Override
    public void park(int slot) {
        turn.take(() -> {
            if (slots.length(slot) > 0 && capabilities.rollback() && !parked.has(slot)) {
                if (parked.park(slot, sequenceOf[slot])) {
                    clear(slot);
                }
            }
            return slot;
        });
    }

    private void wake(int slot) {
        if (!parked.has(slot)) {
            return;
        }
        if (!parked.copy(slot, sequenceOf[slot])) {
            clear(slot);
            throw full();
        }
        parked.forget(slot);
    }

    private CapacityException full() {
        return new CapacityException("the cache is full: its " + cells
                + " positions are shared by all sequences; --cache-bytes gives it more memory");
    }

    @Override
    public int fork(int from, int to, int length) {
        return turn.take(() -> {
            slots.checkFork(from, to, length);
            // A recurrent state is that of the end, whatever the range.
            if (length == 0 || (!capabilities.fork() && length < slots.length(from))) {
                return 0;
            }
            if (!parked.has(from)) {
                int end = capabilities.fork() ? length : END;
                Llama.llama_memory_seq_cp(memory, sequenceOf[from], sequenceOf[to], 0, end);
            } else if (parked.copy(from, sequenceOf[to])) {
                remove(to, length);
            }
            if (Llama.llama_memory_seq_pos_max(memory, sequenceOf[to]) != length - 1) {
                clear(to);
                return 0;
            }
            slots.setLength(to, length);
            return length;
        });
    }

    /** Sequences are handed on where that is enough; only what several slots need is copied. */
    @Override
    public void reorder(int[] targets, int[] sources) {
        turn.take(() -> {
            slots.checkReorder(targets, sources);
            Arrays.stream(targets).forEach(this::wake);
            Arrays.stream(sources).forEach(this::wake);
            int[] lengths = Arrays.stream(sources).map(slots::length).toArray();
            int[] before = sequenceOf.clone();
            List<Integer> unused =
                    new ArrayList<>(Arrays.stream(targets).boxed().toList());
            boolean[] handedOn = new boolean[targets.length];
            for (int i = 0; i < targets.length; i++) {
                handedOn[i] = unused.remove(Integer.valueOf(sources[i]));
                if (handedOn[i]) {
                    sequenceOf[targets[i]] = before[sources[i]];
                }
            }
            for (int i = 0; i < targets.length; i++) {
                if (!handedOn[i]) {
                    sequenceOf[targets[i]] = before[unused.remove(0)];
                    clear(targets[i]);
                    Llama.llama_memory_seq_cp(memory, before[sources[i]], sequenceOf[targets[i]], 0, END);
                }
                slots.setLength(targets[i], lengths[i]);
            }
            return 0;
        });
    }

    @Override
    public Optional<NativeTime> nativeTime() {
        return Optional.of(nativeTime);
    }

    @Override
    public void close() {
        turn.end(this::free);
    }

    private void free() {
        if (lastLogits != null) {
            lastLogits.expire();
        }
        parked.forgetAll();
        Llama.llama_free(context);
        threads.ifPresent(Threadpool::close);
        model.close();
    }
}
