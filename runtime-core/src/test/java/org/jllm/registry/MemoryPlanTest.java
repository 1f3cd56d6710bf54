package org.jllm.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.Entry;
import org.jllm.generation.MemoryNeeds;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    private static final long GIB = 1L << 30;

    /** 12 GiB of weights in float32, half of it in other types; 1 GiB of cache for 1024 tokens; 1 GiB of workspace. */
    private static MemoryNeeds needs(LoadOptions options) {
        String type = Objects.requireNonNullElse(options.dtype(), "float32");
        int context = Objects.requireNonNullElse(options.context(), 8192);
        return new MemoryNeeds(
                type.equals("float32") ? 12 * GIB : 6 * GIB, 0, context * GIB / 1024, GIB, context, type);
    }

    private static LoadOptions fit(LoadOptions options, long freeGib) {
        return plan(null).fit(options, freeGib * GIB);
    }

    private static MemoryPlan plan(Entry entry) {
        return new MemoryPlan("m", entry, MemoryPlanTest::needs);
    }

    private static LoadOptions context(int context) {
        return LoadOptions.builder().context(context).build();
    }

    @Test
    void whatFitsIsLoadedAsItIs() {
        assertThat(fit(LoadOptions.none(), 21)).isEqualTo(LoadOptions.none());
        assertThat(fit(context(1024), 14)).isEqualTo(context(1024));
    }

    @Test
    void aContextThatNobodyAskedForShrinks() {
        assertThat(fit(LoadOptions.none(), 20)).isEqualTo(context(4096));
        assertThat(fit(LoadOptions.none(), 15)).isEqualTo(context(2048));
    }

    @Test
    void whatDoesNotFitIsRefusedWithNumbersAndWhatWould() {
        assertThatThrownBy(() -> fit(LoadOptions.none(), 14))
                .isInstanceOf(CapacityException.class)
                .hasMessageContainingAll("m needs 21 GiB", "weights in float32 12 GiB", "cache of 8192 tokens 8.0 GiB")
                .hasMessageContainingAll("14 GiB are free", "--dtype bfloat16 --context 4096, which takes 11 GiB")
                .hasMessageContaining("--ignore-memory");
        assertThatThrownBy(() -> fit(context(8192), 20)).hasMessageContaining("--dtype bfloat16, which takes 15 GiB");
        assertThatThrownBy(() -> fit(LoadOptions.ofDtype("bfloat16").orElse(context(8192)), 12))
                .hasMessageContaining("choose --context 4096, which takes 11 GiB");
        assertThatThrownBy(() -> fit(LoadOptions.none(), 3)).hasMessageContaining("no smaller type or context fits");
    }

    @Test
    void theSiblingInGgufIsNamed() {
        Entry entry = Catalogue.load().find("calm2-7b-chat").orElseThrow();
        assertThatThrownBy(() -> plan(entry).fit(context(8192), 12 * GIB))
                .hasMessageContaining("--engine gguf (TheBloke/calm2-7B-chat-GGUF, as Q4_K_M)");
    }

    @Test
    void itCanBeOverridden() {
        LoadOptions nevertheless = LoadOptions.builder().ignoreMemory(true).build();
        assertThat(fit(nevertheless, 1)).isEqualTo(nevertheless);
        LoadOptions elsewhere = LoadOptions.builder().device("cuda:0").build();
        assertThat(fit(elsewhere, 1)).isEqualTo(elsewhere);
    }

    @Test
    void theCatalogueKnowsEnoughForAnEstimate() {
        Entry llama = Catalogue.load().find("swallow-70b").orElseThrow();
        MemoryNeeds needs = MemoryEstimate.of(llama, MemoryEstimate.Type.BFLOAT16, 4096);
        assertThat(needs.weights()).isEqualTo(140_000_000_000L);
        // 80 layers, 8 of 64 heads, 128 wide: 320 KiB a token.
        assertThat(needs.cache()).isEqualTo(4096 * 320L * 1024);
        assertThat(MemoryEstimate.fileBytes(llama, MemoryEstimate.Type.Q4_K_M)).isEqualTo(42_437_500_000L);
    }
}
