package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExponentialsTest {
    private static double of(double value) {
        double[] values = {value, 0, -1};
        Exponentials.replace(values, 2);
        assertThat(values[1]).isEqualTo(1);
        assertThat(values[2]).isEqualTo(-1);
        return values[0];
    }

    @Test
    void agreesWithTheLibraryDownToMinusFifty() {
        for (double x = 0; x >= -50; x -= 0.00917) {
            assertThat(of(x) / Math.exp(x)).as("exp(%s)", x).isCloseTo(1, within(1e-11));
        }
        assertThat(of(-1e-300)).isEqualTo(1);
    }

    @Test
    void falls() {
        double before = 1;
        for (double x = -0.01; x >= Exponentials.LEAST; x -= 0.83) {
            double now = of(x);
            assertThat(now).isNotNegative().isLessThanOrEqualTo(before);
            before = now;
        }
        assertThat(of(-700)).isBetween(0.0, 1e-303);
        assertThat(of(Exponentials.LEAST)).isZero();
    }
}
