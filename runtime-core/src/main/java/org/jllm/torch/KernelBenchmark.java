package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jllm.generation.KernelSpeed;
import org.jllm.generation.KernelSpeeds;
import org.jllm.machine.Machine;

/** Times every kernel that works here, and the memory that they read. */
final class KernelBenchmark {
    /** The shape of the wide matrices in a Llama of 1.1 billion. */
    private static final int OUTPUTS = 5_632;

    private static final int INPUTS = 2_048;
    /** More than the caches of most processors hold. */
    private static final long LEAST_BYTES = 384L << 20;

    private static final int[] ROWS = {1, 8, 128, 512};
    private static final int LEAST_PASSES = 3;
    private static final int MOST_PASSES = 12;
    /** After that, no pass begins beyond the least number of them. */
    private static final double ENOUGH_SECONDS = 0.6;

    private final LibTorch torch;
    private final int threads;
    private final long bytes;

    KernelBenchmark(LibTorch torch, int threads) {
        this(torch, threads, bytes());
    }

    /** @param bytes of the matrices of one form, at least one matrix in each */
    KernelBenchmark(LibTorch torch, int threads, long bytes) {
        this.torch = torch;
        this.threads = threads;
        this.bytes = bytes;
    }

    /** Twice the largest cache, as long as there is memory for that. */
    private static long bytes() {
        long wanted = Math.max(LEAST_BYTES, 2 * Machine.lastLevelCacheBytes().orElse(0));
        return Math.min(wanted, Machine.availableBytes().orElse(Long.MAX_VALUE) / 4);
    }

    /** The speeds, those of a kernel together. */
    KernelSpeeds run() {
        return torch.call(threads, () -> {
            ScriptModule module = torch.anyModule();
            double memory = memory(module);
            List<KernelSpeed> speeds = new ArrayList<>();
            for (Precision precision : Precision.values()) {
                speeds.addAll(measure(module, Kernel.STORED, precision, precision.toString(), precision.bytes()));
            }
            for (Kernel kernel : torch.kernels().all(module)) {
                if (kernel != Kernel.STORED) {
                    Precision rows = kernel == Kernel.FBGEMM_FP16 ? Precision.FLOAT16 : Precision.BFLOAT16;
                    speeds.addAll(measure(module, kernel, rows, kernel.form().substring(1), kernel.bytes()));
                }
            }
            // Neighbours on the machine take some of it at times.
            memory = Math.max(memory, memory(module));
            return new KernelSpeeds(threads, OUTPUTS, INPUTS, bytes, memory, speeds);
        });
    }

    /** What reading gives, 10⁹ bytes a second. */
    private double memory(ScriptModule module) {
        long count = Math.max(1, bytes / Float.BYTES);
        double best = Double.MAX_VALUE;
        try (Handles step = new Handles(torch)) {
            IValue numbers = step.own(module.run("numbers", step.of(count)));
            for (boolean byProduct : new boolean[] {false, true}) {
                IValue way = step.of(byProduct);
                best = Math.min(best, seconds(() -> module.run("read", numbers, way)));
            }
        }
        return count * Float.BYTES / best / 1e9;
    }

    private List<KernelSpeed> measure(ScriptModule module, Kernel kernel, Precision precision, String type, int width) {
        long size = (long) OUTPUTS * INPUTS * width;
        long count = Math.max(1, bytes / size);
        List<KernelSpeed> speeds = new ArrayList<>();
        try (Handles step = new Handles(torch)) {
            IValue dtype = step.of(precision.scalarType());
            IValue inputs = step.of(INPUTS);
            IValue kernels = step.own(
                    module.run("kernels", step.of(kernel.form()), step.of(OUTPUTS), inputs, step.of(count), dtype));
            for (int rows : ROWS) {
                IValue x = step.own(module.run("rows", step.of(rows), inputs, dtype));
                double best = seconds(() -> module.run("exercise", kernels, x));
                double operations = 2.0 * OUTPUTS * INPUTS * rows * count;
                speeds.add(new KernelSpeed(
                        type, kernel.library(), rows, size * count / best / 1e9, operations / best / 1e9));
            }
        }
        return speeds;
    }

    /** The shortest of several passes, after one that brings memory and kernels in. */
    private static double seconds(Supplier<IValue> pass) {
        pass.get().close();
        double best = Double.MAX_VALUE;
        double sum = 0;
        for (int i = 0; i < LEAST_PASSES || (i < MOST_PASSES && sum < ENOUGH_SECONDS); i++) {
            long start = System.nanoTime();
            pass.get().close();
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.min(best, seconds);
            sum += seconds;
        }
        return best;
    }
}
