package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.jllm.generation.KernelSpeed;
import org.jllm.generation.KernelSpeeds;
import org.junit.jupiter.api.Test;

/** Every form that works here, with one matrix of each. */
class KernelBenchmarkTest {
    @Test
    void measuresEveryFormForFewAndManyRows() {
        LibTorch torch = LibTorch.get();
        long handles = torch.liveHandles();
        KernelSpeeds speeds = new KernelBenchmark(torch, 1, 4_096).run();
        assertThat(torch.liveHandles()).isEqualTo(handles);
        assertThat(speeds.threads()).isOne();
        assertThat(speeds.memoryGigabytesPerSecond()).isPositive().isFinite();
        int forms = torch.call(() -> torch.kernels().all(torch.anyModule()).size()) - 1 + Precision.values().length;
        assertThat(speeds.kernels()).hasSize(4 * forms);
        assertThat(speeds.kernels()).extracting(KernelSpeed::rows).startsWith(1, 8, 128, 512);
        for (KernelSpeed speed : speeds.kernels()) {
            assertThat(speed.gigaflops()).isPositive().isFinite();
            assertThat(speed.gigaNumbersPerSecond()).isEqualTo(speed.gigaflops() / 2 / speed.rows());
        }
        assertThat(speeds.kernels()).extracting(KernelSpeed::type).contains("float32", "bfloat16", "float16");
    }
}
