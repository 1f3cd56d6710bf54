package org.jllm.torch;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import org.jllm.api.CapacityException;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.generation.Batch;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.NativeTime;
import org.jllm.generation.Slots;
import org.jllm.generation.Slots.Span;
import org.jspecify.annotations.Nullable;

/** A decoder whose architecture is a TorchScript module. */
final class TorchDecoder implements DecoderBackend {
    static final int MAX_BATCH_ROWS = 512;

    private final LibTorch torch;
    private final Capabilities capabilities;
    private final Slots slots;
    private final SlotMemory memory;
    private final int threads;
    private final Handles handles;
    private final ScriptModule module;
    private final IValue decoder;
    private final ScriptCache cache;
    private final IValue noRows;
    private final IValue noEmbeddings;
    private final LogitsMemory logitsMemory;
    private final NativeTime nativeTime = new NativeTime();
    private @Nullable TorchLogits lastLogits;
    private boolean closed;

    /** How a decoder is run. */
    record Settings(WeightForm form, int threads, int context, long cacheBytes) {
        Precision precision() {
            return form.precision();
        }
    }

    TorchDecoder(LibTorch torch, ModelWeights weights, DecoderPlan plan, Settings settings) {
        this.torch = torch;
        this.threads = settings.threads();
        CacheRoom room = CacheRoom.of(plan.cache(), settings);
        boolean anyPosition = plan.cache() instanceof CacheShape.KeysAndValues;
        capabilities = new Capabilities(
                room.slots(),
                settings.context(),
                MAX_BATCH_ROWS,
                plan.vocabularySize(),
                plan.hiddenSize(),
                anyPosition,
                anyPosition,
                false,
                room.positions());
        slots = new Slots(capabilities);
        handles = new Handles(torch);
        module = torch.call(() -> torch.module(plan.script(), plan.cache().frame()));
        try {
            decoder = call(() -> build(weights, plan, settings));
            IValue value = call(() -> makeCache(plan.cache().sizes(room.slots()), settings));
            cache = new ScriptCache(torch, threads, module, handles, value);
            memory = anyPosition
                    ? new KvMemory(slots, cache, new CacheBudget(room.slots(), settings.context(), room.units()))
                    : new StateMemory(slots, cache, room);
            noRows = call(() -> handles.of(new long[0]));
            noEmbeddings = call(() -> handles.own(
                    IValue.from(handles.own((PtNDArray) module.manager().zeros(new Shape(0))))));
            logitsMemory = call(() -> new LogitsMemory(module, handles, plan.vocabularySize()));
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private IValue build(ModelWeights weights, DecoderPlan plan, Settings settings) {
        try (Handles step = handles.nested()) {
            IValue tensors = WeightLoader.load(torch, module, weights, plan.tensors(), settings.form(), step, handles);
            Map<String, Long> integers = new HashMap<>(plan.integers());
            integers.put("context", (long) settings.context());
            integers.put("rows", (long) MAX_BATCH_ROWS);
            return handles.own(module.build(tensors, integers, plan.numbers(), plan.lists(), step));
        }
    }

    private IValue makeCache(long[] sizes, Settings settings) {
        try (Handles step = handles.nested()) {
            return handles.own(module.run(
                    "make_cache",
                    step.of(sizes),
                    step.of(settings.form().device()),
                    step.of(settings.precision().scalarType())));
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void open(int slot) {
        checkOpen();
        slots.open(slot);
    }

    @Override
    public void close(int slot) {
        checkOpen();
        slots.close(slot);
        memory.release(slot);
    }

    @Override
    public int length(int slot) {
        checkOpen();
        return slots.length(slot);
    }

    @Override
    public Logits step(Batch batch) {
        checkOpen();
        List<Span> spans = slots.check(batch);
        TorchLogits logits;
        try {
            long[] prepared = memory.prepare(batch, spans);
            forgetLogits();
            logits = call(() -> compute(batch, prepared));
        } catch (CapacityException e) {
            throw e;
        } catch (RuntimeException e) {
            int[] left = memory.afterFailure(spans);
            for (int i = 0; i < left.length; i++) {
                slots.setLength(spans.get(i).slot(), left[i]);
            }
            throw e;
        }
        for (Span span : spans) {
            slots.setLength(span.slot(), span.end());
        }
        lastLogits = logits;
        return logits;
    }

    private TorchLogits compute(Batch batch, long[] spans) {
        int rows = batch.size();
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        int wantedRows = 0;
        int embeddedRows = 0;
        for (int row = 0; row < rows; row++) {
            ids[row] = Math.max(batch.token(row), 0);
            positions[row] = batch.position(row);
            wantedRows += batch.wantsLogits(row) ? 1 : 0;
            embeddedRows += batch.embedding(row) != null ? 1 : 0;
        }
        long[] wanted = rows(wantedRows, batch::wantsLogits);
        try (Handles step = handles.nested()) {
            IValue[] arguments = {
                decoder,
                cache.value(),
                step.of(ids),
                step.of(positions),
                step.of(spans),
                noRows,
                noEmbeddings,
                step.of(wanted),
                logitsMemory.tensor(wantedRows)
            };
            if (embeddedRows > 0) {
                long[] embedded = rows(embeddedRows, row -> batch.embedding(row) != null);
                arguments[5] = step.of(embedded);
                arguments[6] = embeddings(batch, embedded, step);
            }
            step.own(nativeTime.of(() -> module.run("step", arguments)));
            return new TorchLogits(logitsMemory.values(), wantedRows, capabilities.vocabularySize());
        }
    }

    private static long[] rows(int count, IntPredicate which) {
        long[] rows = new long[count];
        int next = 0;
        for (int row = 0; next < count; row++) {
            if (which.test(row)) {
                rows[next++] = row;
            }
        }
        return rows;
    }

    private IValue embeddings(Batch batch, long[] rows, Handles step) {
        int width = capabilities.embeddingSize();
        float[] values = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            float[] row = batch.embedding((int) rows[i]);
            if (row != null) {
                System.arraycopy(row, 0, values, i * width, width);
            }
        }
        PtNDArray array = (PtNDArray) module.manager().create(values, new Shape(rows.length, width));
        return step.own(IValue.from(step.own(array)));
    }

    @Override
    public int retain(int slot, int length) {
        checkOpen();
        slots.checkLength(slot, length);
        int kept = memory.retain(slot, length);
        slots.setLength(slot, kept);
        return kept;
    }

    @Override
    public int fork(int from, int to, int length) {
        checkOpen();
        slots.checkFork(from, to, length);
        int copied = memory.fork(from, to, length);
        slots.setLength(to, copied);
        return copied;
    }

    @Override
    public int reusable(int slot, int length) {
        checkOpen();
        slots.length(slot);
        return memory.reusable(slot, length);
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        checkOpen();
        slots.checkReorder(targets, sources);
        int[] lengths = Arrays.stream(sources).map(slots::length).toArray();
        memory.reorder(targets, sources);
        for (int i = 0; i < targets.length; i++) {
            slots.setLength(targets[i], lengths[i]);
        }
    }

    @Override
    public Optional<NativeTime> nativeTime() {
        return Optional.of(nativeTime);
    }

    private <T> T call(Callable<T> task) {
        return torch.call(threads, task);
    }

    private void forgetLogits() {
        if (lastLogits != null) {
            lastLogits.expire();
            lastLogits = null;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            free();
        }
    }

    private void free() {
        forgetLogits();
        torch.call(() -> {
            handles.close();
            return null;
        });
    }
}
