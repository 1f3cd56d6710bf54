package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrices are rounded part by part; each number becomes what it would in one part, and what Java computes of it. */
class RoundingTest {
    private static float[] matrix(int outputs, int inputs, boolean unusual) {
        Random random = new Random(outputs);
        float[] numbers = new float[outputs * inputs];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian() * (unusual && i % inputs == 3 ? 200 : 1);
        }
        // An output whose numbers are whole and half steps, and one of zeros.
        for (int i = 0; i < inputs; i++) {
            numbers[i] = (i % 254 + 1) / 64f;
        }
        Arrays.fill(numbers, inputs, 2 * inputs, 0);
        return numbers;
    }

    private static float[] columns(float[] numbers, int inputs) {
        float[] largest = new float[inputs];
        for (int i = 0; i < numbers.length; i++) {
            largest[i % inputs] = Math.max(largest[i % inputs], Math.abs(numbers[i]));
        }
        float[] sorted = largest.clone();
        Arrays.sort(sorted);
        float median = sorted[(inputs - 1) / 2];
        float[] factors = new float[inputs];
        for (int i = 0; i < inputs; i++) {
            float factor = largest[i] / median;
            factors[i] = factor < 0.25f || factor > 4 ? factor : 1;
        }
        return IntStream.range(0, inputs).allMatch(i -> factors[i] == 1) ? new float[0] : factors;
    }

    @ParameterizedTest
    @CsvSource({
        "700, 1000, false, false",
        "700, 1000, true, false",
        "700, 1000, false, true",
        "700, 1000, true, true",
        "700, 300, false, false",
        "3, 300000, true, false"
    })
    void isExact(int outputs, int inputs, boolean unusual, boolean inputsFirst) {
        float[] numbers = matrix(outputs, inputs, unusual);
        float[] columns = columns(numbers, inputs);
        assertThat(columns.length > 0).isEqualTo(unusual);
        float[] scales = new float[outputs];
        byte[] rounded = new byte[numbers.length];
        for (int row = 0; row < outputs; row++) {
            float largest = 0;
            for (int i = 0; i < inputs; i++) {
                float number = numbers[row * inputs + i] / (columns.length > 0 ? columns[i] : 1);
                largest = Math.max(largest, Math.abs(number));
            }
            scales[row] = Math.max(largest / 127, Float.MIN_NORMAL);
            for (int i = 0; i < inputs; i++) {
                float number = numbers[row * inputs + i] / (columns.length > 0 ? columns[i] : 1);
                rounded[row * inputs + i] = (byte) Math.rint(number / scales[row]);
            }
        }
        float[] stored = inputsFirst ? transposed(numbers, outputs, inputs) : numbers;
        LibTorch torch = LibTorch.get();
        torch.call(2, () -> {
            ScriptModule module = torch.anyModule();
            try (Handles step = new Handles(torch)) {
                Shape shape = inputsFirst ? new Shape(inputs, outputs) : new Shape(outputs, inputs);
                IValue matrix = step.own(
                        IValue.from(step.own((PtNDArray) module.manager().create(stored, shape))));
                IValue transposed = step.of(inputsFirst);
                IValue[] measured =
                        step.own(module.run("measured", matrix, transposed)).toIValueArray();
                step.own(measured[0]);
                step.own(measured[1]);
                IValue list = step.own(IValue.listFrom(matrix));
                IValue theirs = step.own(IValue.listFrom(measured[1]));
                IValue int8 = step.own(module.run("int8", list, transposed, measured[0], theirs));
                assertThat(array(measured[0], module, step).toFloatArray()).isEqualTo(columns);
                assertThat(array(measured[1], module, step).toFloatArray()).isEqualTo(scales);
                assertThat(array(int8, module, step).toByteArray()).isEqualTo(rounded);
            }
            return null;
        });
    }

    private static PtNDArray array(IValue value, ScriptModule module, Handles step) {
        return step.own((PtNDArray) value.toTensor(module.manager()));
    }

    private static float[] transposed(float[] numbers, int outputs, int inputs) {
        float[] other = new float[numbers.length];
        IntStream.range(0, numbers.length).forEach(i -> other[i % inputs * outputs + i / inputs] = numbers[i]);
        return other;
    }
}
