package org.jllm.torch;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.generation.Batch;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.Slots;
import org.jllm.generation.Slots.Span;
import org.jspecify.annotations.Nullable;

/** A decoder whose architecture is a TorchScript module. */
final class TorchDecoder implements DecoderBackend {
    private static final int SLOTS = 64;
    private static final int MAX_BATCH_ROWS = 512;

    private final LibTorch torch;
    private final Capabilities capabilities;
    private final Slots slots;
    private final CacheBudget budget;
    private final int threads;
    private final Handles handles;
    private final ScriptModule module;
    private final IValue decoder;
    private final IValue cache;
    private final IValue noEmbeddings;
    private @Nullable Handles lastStep;
    private @Nullable TorchLogits lastLogits;
    private boolean closed;

    /** How a decoder is run. */
    record Settings(Precision precision, String device, int threads, int context, long cacheBytes) {}

    TorchDecoder(LibTorch torch, Checkpoint checkpoint, DecoderPlan plan, Settings settings) {
        this.torch = torch;
        this.threads = settings.threads();
        long positions = settings.cacheBytes() / plan.cacheBytesPerPosition(settings.precision());
        capabilities = new Capabilities(
                SLOTS,
                settings.context(),
                MAX_BATCH_ROWS,
                plan.vocabularySize(),
                plan.hiddenSize(),
                true,
                true,
                false,
                Math.min(positions, (long) SLOTS * settings.context()));
        slots = new Slots(capabilities);
        budget = new CacheBudget(SLOTS, settings.context(), positions);
        handles = new Handles(torch);
        module = torch.call(() -> torch.module(plan.script()));
        try {
            decoder = call(() -> build(checkpoint, plan, settings));
            cache = call(() -> makeCache(plan, settings));
            noEmbeddings = call(() -> handles.own(
                    IValue.from(handles.own((PtNDArray) module.manager().zeros(new Shape(0))))));
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private IValue build(Checkpoint checkpoint, DecoderPlan plan, Settings settings) {
        try (Handles step = handles.nested()) {
            Map<String, IValue> weights = new WeightLoader(module, step)
                    .load(checkpoint, plan.tensors(), settings.precision(), settings.device());
            Map<String, IValue> integers = new HashMap<>();
            plan.integers().forEach((name, value) -> integers.put(name, step.of(value)));
            integers.put("context", step.of(settings.context()));
            integers.put("rows", step.of(MAX_BATCH_ROWS));
            Map<String, IValue> numbers = new HashMap<>();
            plan.numbers().forEach((name, value) -> numbers.put(name, step.of(value)));
            Map<String, IValue> lists = new HashMap<>();
            plan.lists().forEach((name, value) -> lists.put(name, step.of(value)));
            return handles.own(module.run(
                    "build",
                    step.own(IValue.stringIValueMapFrom(weights)),
                    step.own(IValue.stringIValueMapFrom(integers)),
                    step.own(IValue.stringIValueMapFrom(numbers)),
                    step.own(IValue.stringIValueMapFrom(lists))));
        }
    }

    private IValue makeCache(DecoderPlan plan, Settings settings) {
        try (Handles step = handles.nested()) {
            return handles.own(module.run(
                    "make_cache",
                    step.of(SLOTS),
                    step.of(plan.cacheLayers()),
                    step.of(plan.cacheHeads()),
                    step.of(plan.cacheSize()),
                    step.of(settings.device()),
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
        if (budget.capacity(slot) > 0) {
            budget.release(slot);
            run("release", step -> new IValue[] {cache, step.of(slot)});
        }
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
        int[] capacities = budget.plan(spans);
        TorchLogits logits = call(() -> {
            forgetLastStep();
            for (int i = 0; i < capacities.length; i++) {
                reserve(spans.get(i).slot(), capacities[i]);
            }
            return compute(batch, spans);
        });
        spans.forEach(span -> slots.setLength(span.slot(), span.end()));
        lastLogits = logits;
        return logits;
    }

    private void reserve(int slot, int capacity) {
        if (capacity > budget.capacity(slot)) {
            try (Handles step = handles.nested()) {
                step.own(module.run("reserve", cache, step.of(slot), step.of(slots.length(slot)), step.of(capacity)));
            }
            budget.set(slot, capacity);
        }
    }

    private TorchLogits compute(Batch batch, List<Span> spans) {
        int rows = batch.size();
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        for (int row = 0; row < rows; row++) {
            ids[row] = Math.max(batch.token(row), 0);
            positions[row] = batch.position(row);
        }
        long[] flat = spans.stream()
                .flatMapToLong(
                        span -> Arrays.stream(new long[] {span.slot(), span.firstRow(), span.rows(), span.position()}))
                .toArray();
        long[] embedded = IntStream.range(0, rows)
                .filter(row -> batch.embedding(row) != null)
                .asLongStream()
                .toArray();
        long[] wanted = IntStream.range(0, rows)
                .filter(batch::wantsLogits)
                .asLongStream()
                .toArray();
        try (Handles step = handles.nested()) {
            IValue result = step.own(module.run(
                    "step",
                    decoder,
                    cache,
                    step.of(ids),
                    step.of(positions),
                    step.of(flat),
                    step.of(embedded),
                    embedded.length == 0 ? noEmbeddings : embeddings(batch, embedded, step),
                    step.of(wanted)));
            if (wanted.length == 0) {
                return new TorchLogits();
            }
            Handles kept = handles.nested();
            lastStep = kept;
            return new TorchLogits(
                    kept.own(result.toTensor(module.manager())), wanted.length, capabilities.vocabularySize());
        }
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
        slots.setLength(slot, length);
        return length;
    }

    @Override
    public int fork(int from, int to, int length) {
        checkOpen();
        slots.checkFork(from, to, length);
        if (length > 0) {
            int[] capacity = budget.plan(List.of(new Span(to, 0, length, 0)));
            call(() -> {
                reserve(to, capacity[0]);
                return null;
            });
            run("copy", step -> new IValue[] {cache, step.of(from), step.of(to), step.of(length)});
            slots.setLength(to, length);
        }
        return length;
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        checkOpen();
        slots.checkReorder(targets, sources);
        budget.checkReorder(targets, sources);
        int[] lengths = Arrays.stream(sources).map(slots::length).toArray();
        run("exchange", step -> new IValue[] {cache, step.of(widened(targets)), step.of(widened(sources))});
        budget.reorder(targets, sources);
        for (int i = 0; i < targets.length; i++) {
            slots.setLength(targets[i], lengths[i]);
        }
    }

    private static long[] widened(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    /** The arguments of a script's method, owned by the given handles. */
    private interface Arguments {
        IValue[] of(Handles step);
    }

    private void run(String method, Arguments arguments) {
        call(() -> {
            try (Handles step = handles.nested()) {
                step.own(module.run(method, arguments.of(step)));
            }
            return null;
        });
    }

    private <T> T call(Callable<T> task) {
        return torch.call(() -> {
            torch.useThreads(threads);
            return task.call();
        });
    }

    private void forgetLastStep() {
        if (lastLogits != null) {
            lastLogits.expire();
            lastLogits = null;
        }
        if (lastStep != null) {
            lastStep.close();
            lastStep = null;
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
        torch.call(() -> {
            forgetLastStep();
            handles.close();
            return null;
        });
    }
}
