package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jllm.api.InvalidRequestException;
import org.junit.jupiter.api.Test;

class ContextChoiceTest {
    private static final long MEMORY = 1L << 34;

    @Test
    void isWhatTheModelWasMadeForAsMemoryAllows() {
        assertThat(ContextChoice.of(null, 4096, 4096, 1 << 19, MEMORY)).isEqualTo(4096);
        assertThat(ContextChoice.of(null, 32_768, 32_768, 1 << 19, MEMORY)).isEqualTo(8192);
        assertThat(ContextChoice.of(null, 32_768, 32_768, 1 << 23, MEMORY)).isEqualTo(ContextChoice.LEAST);
        assertThat(ContextChoice.of(null, 512, 512, 1 << 23, MEMORY)).isEqualTo(512);
        assertThat(ContextChoice.of(null, 0, 0, 0, MEMORY)).isEqualTo(ContextChoice.LEAST);
    }

    @Test
    void aModelWhoseStateDoesNotGrowMayHaveMoreThanItWasMadeFor() {
        assertThat(ContextChoice.of(100_000, 2048, 1 << 20, 0, MEMORY)).isEqualTo(100_000);
    }

    @Test
    void whatIsAskedForCountsWithinTheModel() {
        assertThat(ContextChoice.of(100, 4096, 4096, 1 << 23, MEMORY)).isEqualTo(100);
        assertThat(ContextChoice.of(100_000, 0, 0, 1, MEMORY)).isEqualTo(100_000);
        assertThatThrownBy(() -> ContextChoice.of(4097, 4096, 4096, 1, MEMORY))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("4097")
                .hasMessageContaining("4096");
    }
}
