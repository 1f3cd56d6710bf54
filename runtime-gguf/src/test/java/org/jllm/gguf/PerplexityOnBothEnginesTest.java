package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.evaluation.Divergence;
import org.jllm.evaluation.Perplexity;
import org.jllm.evaluation.PerplexityFigures;
import org.jllm.evaluation.Windows;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.PromptEncoder;
import org.jllm.gguf.ContextPlan.Attention;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedded model in float32: both engines predict a text alike, to 1e-5 nats per token. Its GGUF file keeps the norms
 * in float32, which the other rounds to bfloat16 as everything: so does the test.
 */
class PerplexityOnBothEnginesTest {
    private static final String TEXT = """
            ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。
            grep は、パターンにマッチする行を表示します。パターンには正規表現を使うことができます。
            吾輩は猫である。名前はまだ無い。
            """;

    @TempDir
    private Path folder;

    private Path rounded() throws IOException {
        EditableGguf model = EditableGguf.read(TestModels.float32());
        for (EditableGguf.Values values : model.tensors().values()) {
            float[] numbers = values.numbers();
            for (int i = 0; i < numbers.length; i++) {
                int bits = Float.floatToIntBits(numbers[i]);
                numbers[i] = Float.intBitsToFloat((bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF0000);
            }
        }
        return model.write(folder.resolve("rounded.gguf"));
    }

    @Test
    void theyAgree() throws IOException {
        Path file = rounded();
        Jllm jllm = Jllm.ofUser();
        int[] ids;
        try (Tokenizer tokenizer = jllm.loadTokenizer("demo", LoadOptions.none())) {
            ids = PromptEncoder.encode(MarkedText.of(TEXT), tokenizer, true);
        }
        Windows windows = new Windows(16, 8);
        try (DecoderBackend gguf = new GgufLoader().loadDecoder(file, LoadOptions.none(), Attention.EXACT);
                DecoderBackend transformers = jllm.loadDecoder("demo", LoadOptions.ofDtype("float32"))) {
            PerplexityFigures figures = new Perplexity(gguf, transformers, windows).measure(ids, fraction -> {});
            Divergence divergence = figures.divergence();
            assertThat(divergence).isNotNull();
            assertThat(figures.windows()).isGreaterThan(3);
            assertThat(figures.negativeLogLikelihood())
                    .isCloseTo(divergence.referenceNegativeLogLikelihood(), within(1e-5));
            assertThat(divergence.largest()).isLessThan(1e-6);
            assertThat(divergence.sameTop()).isOne();
        }
    }
}
