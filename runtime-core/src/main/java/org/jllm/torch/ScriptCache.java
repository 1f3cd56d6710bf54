package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;

/** The script's cache and the calls that change it: what a place is, a slot or a cell, is the matter of its class. */
final class ScriptCache {
    private final LibTorch torch;
    private final int threads;
    private final ScriptModule module;
    private final Handles handles;
    private final IValue cache;

    /** The arguments of a call after the cache, owned by the given handles. */
    private interface Arguments {
        IValue[] of(Handles step);
    }

    /** @param cache belongs to {@code handles} */
    ScriptCache(LibTorch torch, int threads, ScriptModule module, Handles handles, IValue cache) {
        this.torch = torch;
        this.threads = threads;
        this.module = module;
        this.handles = handles;
        this.cache = cache;
    }

    IValue value() {
        return cache;
    }

    void reserve(int place, int kept, int capacity) {
        run("reserve", step -> new IValue[] {cache, step.of(place), step.of(kept), step.of(capacity)});
    }

    void release(int place) {
        run("release", step -> new IValue[] {cache, step.of(place)});
    }

    void copy(int source, int target, int length) {
        run("copy", step -> new IValue[] {cache, step.of(source), step.of(target), step.of(length)});
    }

    void exchange(int[] places, int[] sources) {
        run("exchange", step -> new IValue[] {cache, step.of(widened(places)), step.of(widened(sources))});
    }

    private static long[] widened(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private void run(String method, Arguments arguments) {
        torch.call(() -> {
            torch.useThreads(threads);
            try (Handles step = handles.nested()) {
                step.own(module.run(method, arguments.of(step)));
            }
            return null;
        });
    }
}
