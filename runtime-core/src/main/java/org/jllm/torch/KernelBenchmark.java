package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import org.jllm.generation.KernelSpeed;

/** Times every kernel that works here. */
final class KernelBenchmark {
    /** The shape of the wide matrices in a Llama of 1.1 billion. */
    private static final int OUTPUTS = 5_632;

    private static final int INPUTS = 2_048;
    /** More than the caches of most processors hold. */
    private static final long BYTES = 384L << 20;

    private static final int[] ROWS = {1, 8, 32, 128};
    private static final int REPETITIONS = 3;

    private final LibTorch torch;
    private final int threads;

    KernelBenchmark(LibTorch torch, int threads) {
        this.torch = torch;
        this.threads = threads;
    }

    /** The speeds, those of a kernel together. */
    List<KernelSpeed> run() {
        return torch.call(threads, () -> {
            ScriptModule module = torch.anyModule();
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
            return speeds;
        });
    }

    private List<KernelSpeed> measure(ScriptModule module, Kernel kernel, Precision precision, String type, int bytes) {
        long size = (long) OUTPUTS * INPUTS * bytes;
        long count = Math.max(1, BYTES / size);
        List<KernelSpeed> speeds = new ArrayList<>();
        try (Handles step = new Handles(torch)) {
            IValue dtype = step.of(precision.scalarType());
            IValue inputs = step.of(INPUTS);
            IValue kernels = step.own(
                    module.run("kernels", step.of(kernel.form()), step.of(OUTPUTS), inputs, step.of(count), dtype));
            for (int rows : ROWS) {
                double best = Double.MAX_VALUE;
                for (int i = 0; i <= REPETITIONS; i++) {
                    long start = System.nanoTime();
                    module.run("exercise", kernels, step.of(rows), inputs, dtype)
                            .close();
                    // The first run brings memory and kernels in.
                    best = i == 0 ? best : Math.min(best, (System.nanoTime() - start) / 1e9);
                }
                double operations = 2.0 * OUTPUTS * INPUTS * rows * count;
                speeds.add(new KernelSpeed(
                        type, kernel.library(), rows, size * count / best / 1e9, operations / best / 1e9));
            }
        }
        return speeds;
    }
}
