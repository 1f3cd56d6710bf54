package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The final norm and the head see the rows that want logits, and no others. */
class HeadRowsTest {
    private static final int VOCABULARY = 3;

    private final LibTorch torch = LibTorch.get();

    /** What the step of a decoder that counts rows gives: see {@code torchscript/head_rows.py}. */
    private float[] logits(int rows, long... wanted) {
        return torch.call(() -> {
            ScriptModule module = torch.module("head_rows", ScriptFrame.DECODER);
            try (Handles handles = new Handles(torch)) {
                PtNDArray embeddings = handles.own((PtNDArray) module.manager().zeros(new Shape(VOCABULARY, 1)));
                IValue weights = handles.own(
                        IValue.stringIValueMapFrom(Map.of("embeddings", handles.own(IValue.from(embeddings)))));
                IValue decoder = handles.own(module.build(
                        weights, Map.of("none", 0L), Map.of("none", 0.0), Map.of("none", new long[] {0}), handles));
                IValue cache = handles.own(module.run(
                        "make_cache",
                        handles.of(new long[] {1, 0, 1, 1}),
                        handles.of("cpu"),
                        handles.of(Precision.FLOAT32.scalarType())));
                PtNDArray none = handles.own((PtNDArray) module.manager().zeros(new Shape(0)));
                PtNDArray logits = handles.own((PtNDArray) module.manager().zeros(new Shape(rows, 2)));
                handles.own(module.run(
                        "step",
                        decoder,
                        cache,
                        handles.of(new long[rows]),
                        handles.of(LongStream.range(0, rows).toArray()),
                        handles.of(new long[] {0, 0, rows, 0}),
                        handles.of(new long[0]),
                        handles.own(IValue.from(none)),
                        handles.of(wanted),
                        handles.own(IValue.from(logits))));
                return Arrays.copyOf(logits.toFloatArray(), 2 * wanted.length);
            }
        });
    }

    @Test
    void aPromptNeedsItsLastRowOnly() {
        assertThat(logits(5, 4)).containsExactly(1, 1);
    }

    @Test
    void severalTextsNeedARowEach() {
        assertThat(logits(5, 1, 4)).containsExactly(2, 2, 2, 2);
        assertThat(logits(2, 0, 1)).containsExactly(2, 2, 2, 2);
    }

    @Test
    void aPartOfAPromptNeedsNone() {
        assertThat(logits(5)).isEmpty();
    }
}
