package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.generation.MemoryNeeds;
import org.junit.jupiter.api.Test;

/** The embedded model: 6 layers, 4 key heads of 32, stored in bfloat16. */
class TorchMemoryTest {
    private static final Path DEMO = Path.of("src/main/resources/org/jllm/models/manpage-ja-6m");
    private static final long PARAMETERS = 5_963_008;
    private static final long TABLE = 6_000 * 256;

    private static MemoryNeeds needs(LoadOptions options) {
        return new TransformersLoader().memory(DEMO, options);
    }

    private static MemoryNeeds needs(Quantization quantization, boolean reordered) {
        WeightForm form = new WeightForm(Precision.BFLOAT16, quantization, reordered, "cpu", PackFolder.ofUser(0L));
        return TorchMemory.of(PreparedModel.of(DEMO, List.of()), form, 256);
    }

    @Test
    void weightsInTheirOwnTypeStayInTheirFile() {
        MemoryNeeds needs = needs(Quantization.NONE, false);
        assertThat(needs.type()).isEqualTo("bfloat16");
        assertThat(needs.mapped() + needs.copied()).isEqualTo(2 * PARAMETERS);
        assertThat(needs.mapped()).isGreaterThan(PARAMETERS);
        assertThat(needs.context()).isEqualTo(256);
        assertThat(needs.cache()).isEqualTo(256L * 6 * 2 * 4 * 32 * 2);
        assertThat(needs.workspace()).isBetween(64L << 20, 128L << 20);
    }

    /** The embeddings stay where they are, and the head, which is the same matrix, is a copy. */
    @Test
    void matricesThatAreReorderedAreCopies() {
        MemoryNeeds needs = needs(Quantization.NONE, true);
        assertThat(needs.type()).isEqualTo("bfloat16");
        assertThat(needs.mapped() + needs.copied()).isEqualTo(2 * (PARAMETERS + TABLE));
        assertThat(needs.mapped()).isBetween(2 * TABLE, 2 * TABLE + 10_000);
    }

    @Test
    void matricesThatAreRoundedAreSmaller() {
        MemoryNeeds needs = needs(Quantization.INT8, false);
        assertThat(needs.type()).isEqualTo("int8");
        assertThat(needs.copied()).isBetween(PARAMETERS - 10_000, PARAMETERS + 10_000);
        assertThat(needs.mapped()).isBetween(2 * TABLE, 2 * TABLE + 10_000);
        assertThat(needs.cache()).isEqualTo(256L * 6 * 2 * 4 * 32 * 2);
    }

    @Test
    void otherTypesAreCopied() {
        MemoryNeeds needs =
                needs(LoadOptions.builder().dtype("float32").context(128).build());
        assertThat(needs.mapped()).isZero();
        assertThat(needs.copied()).isEqualTo(4 * PARAMETERS);
        assertThat(needs.cache()).isEqualTo(128L * 6 * 2 * 4 * 32 * 4);
        assertThat(needs.total()).isEqualTo(needs.copied() + needs.cache() + needs.workspace());
    }

    @Test
    void aContextBeyondTheModelIsRefused() {
        LoadOptions longer = LoadOptions.builder().context(257).build();
        assertThatThrownBy(() -> needs(longer)).isInstanceOf(InvalidRequestException.class);
    }
}
