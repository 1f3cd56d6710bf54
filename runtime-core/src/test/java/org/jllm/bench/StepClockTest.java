package org.jllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepClockTest {
    private final StepClock clock = new StepClock();

    private void step(boolean wanted) {
        clock.begin(wanted);
        clock.end(0);
        clock.enter(StepPart.SAMPLING);
        clock.enter(StepPart.SCHEDULING);
    }

    @Test
    void countsStepsThatAreFollowedByOneOfTheirKind() {
        step(false);
        step(true);
        step(true);
        step(true);
        step(false);
        step(true);
        assertThat(clock.steps()).isEqualTo(2);
        step(true);
        assertThat(clock.steps()).isEqualTo(3);
        assertThat(clock.nanos(StepPart.SAMPLING)).isPositive();
        assertThat(clock.nanos(StepPart.DECODING)).isZero();
    }

    @Test
    void theNativeCallIsTakenOutOfTheEnginesTime() {
        clock.begin(true);
        clock.end(-5);
        clock.begin(true);
        assertThat(clock.nanos(StepPart.NATIVE)).isEqualTo(-5);
        assertThat(clock.nanos(StepPart.CALL)).isGreaterThan(5);
    }

    @Test
    void nothingIsMeasuredBeforeTheFirst() {
        step(false);
        step(false);
        assertThat(clock.steps()).isZero();
        assertThat(clock.nanos(StepPart.SCHEDULING)).isZero();
    }
}
