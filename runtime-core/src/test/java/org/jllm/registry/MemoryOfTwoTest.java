package org.jllm.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jllm.api.CapacityException;
import org.jllm.generation.MemoryNeeds;
import org.junit.jupiter.api.Test;

class MemoryOfTwoTest {
    private static final MemoryNeeds STORED = new MemoryNeeds(1000, 10, 5, 1, 512, "bfloat16");
    private static final MemoryNeeds COPIED = new MemoryNeeds(100, 1800, 10, 2, 512, "float32");

    @Test
    void countsWhatBothMapOnce() {
        assertThat(new MemoryOfTwo(STORED, COPIED, false).total()).isEqualTo(1016 + 1912);
        assertThat(new MemoryOfTwo(STORED, COPIED, true).total()).isEqualTo(1016 + 1812);
    }

    @Test
    void saysWhatDoesNotFit() {
        MemoryOfTwo both = new MemoryOfTwo(STORED, COPIED, false);
        both.check(2928);
        assertThatThrownBy(() -> both.check(2927))
                .isInstanceOf(CapacityException.class)
                .hasMessageStartingWith("the model and its reference need ")
                .hasMessageContaining("weights in bfloat16")
                .hasMessageContaining("weights in float32")
                .hasMessageContaining("choose a smaller --context");
    }
}
