package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jllm.api.LoadOptions;
import org.jllm.generation.ModelLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final ModelLoader LOADER = new GgufLoader();

    @BeforeAll
    static void load() {
        TestModels.library();
    }

    @Test
    void growsFromNothingToAll() {
        List<Double> heard = new ArrayList<>();
        LOADER.loadDecoder(TestModels.FOLDER, LoadOptions.none(), heard::add).close();
        assertThat(heard).hasSizeGreaterThan(10).isSorted().startsWith(0.0).endsWith(1.0);
    }

    @Test
    void anExceptionEndsTheLoading() {
        for (double end : new double[] {0, 0.5, 1}) {
            CancellationException enough = new CancellationException("enough");
            assertThatThrownBy(() -> LOADER.loadDecoder(TestModels.FOLDER, LoadOptions.none(), fraction -> {
                        if (fraction >= end) {
                            throw enough;
                        }
                    }))
                    .isSameAs(enough);
        }
        growsFromNothingToAll();
    }
}
