package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes into an int8 product is rounded to the same numbers alone and beside other rows. */
class RowsInCompanyTest {
    private static final int ROWS = 512;
    private static final int INPUTS = 2_048;
    private static final int OUTPUTS = 64;

    private static float[] rows() {
        Random random = new Random(1);
        float[] numbers = new float[ROWS * INPUTS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource(
            value = Kernel.class,
            names = {"ONEDNN_INT8", "ONEDNN_INT7"})
    void areTheSameAsAlone(Kernel kernel) {
        LibTorch torch = LibTorch.get();
        List<Kernel> working = torch.call(2, () -> torch.kernels().all(torch.anyModule()));
        assumeThat(working).contains(kernel);
        float[] numbers = rows();
        torch.call(2, () -> {
            ScriptModule module = torch.anyModule();
            try (Handles step = new Handles(torch)) {
                IValue float32 = step.of(Precision.FLOAT32.scalarType());
                IValue kernels = step.own(module.run(
                        "kernels", step.of(kernel.form()), step.of(OUTPUTS), step.of(INPUTS), step.of(1), float32));
                float[] together = products(module, kernels, numbers, step);
                for (int row = 0; row < ROWS; row++) {
                    float[] one = Arrays.copyOfRange(numbers, row * INPUTS, (row + 1) * INPUTS);
                    // One number rounded otherwise would change results by more than a hundredth.
                    assertThat(products(module, kernels, one, step))
                            .as("row %d", row)
                            .containsExactly(
                                    Arrays.copyOfRange(together, row * OUTPUTS, (row + 1) * OUTPUTS),
                                    Offset.offset(1e-3f));
                }
            }
            return null;
        });
    }

    private static float[] products(ScriptModule module, IValue kernels, float[] numbers, Handles owner) {
        try (Handles step = owner.nested()) {
            Shape shape = new Shape(numbers.length / INPUTS, INPUTS);
            IValue rows =
                    step.own(IValue.from(step.own((PtNDArray) module.manager().create(numbers, shape))));
            IValue products = step.own(module.run("exercise", kernels, rows));
            return step.own((PtNDArray) products.toTensor(module.manager())).toFloatArray();
        }
    }
}
