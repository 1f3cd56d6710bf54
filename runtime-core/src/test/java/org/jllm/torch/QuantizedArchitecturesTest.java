package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every golden model with rounded matrices: how far what it computes is from float32, as a share of how much it varies. They are
 * narrow and random, so that errors hardly cancel; a real model is nearer.
 */
class QuantizedArchitecturesTest {
    static List<Path> models() throws IOException {
        return GoldenDecoderTest.cases();
    }

    @ParameterizedTest
    @MethodSource("models")
    void staysCloseToFloat32(Path folder) {
        List<float[]> exact = QuantizedRun.outputs(folder, "float32", "none");
        List<float[]> int8 = QuantizedRun.outputs(folder, "float32", "int8");
        List<float[]> fp16 = QuantizedRun.outputs(folder, "float32", "fp16");
        assertThat(QuantizedRun.distance(exact, int8)).isBetween(0.005, 0.08);
        assertThat(QuantizedRun.distance(exact, fp16)).isLessThan(0.002);
    }
}
