package org.jllm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.PromptEncoder;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.torch.TransformersLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models against all their logits, summed up here in another way. */
class DemoPerplexityTest {
    private static final LoadOptions FLOAT32 = LoadOptions.ofDtype("float32");
    private static final String TEXT = """
            ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。引き数にファイルを指定すると、そのファイルの情報を表示します。
            grep は、パターンにマッチする行を表示します。パターンには正規表現を使うことができます。
            mkdir を使うと、新しいディレクトリを作成することができます。エラーが起きた場合、終了ステータスは 0 より大きい値になります。
            吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。
            """;

    private static DecoderBackend exact;
    private static int[] ids;

    @BeforeAll
    static void load() {
        Jllm jllm = Jllm.ofUser();
        exact = jllm.loadDecoder("demo", FLOAT32);
        try (Tokenizer tokenizer = jllm.loadTokenizer("demo", LoadOptions.none())) {
            ids = PromptEncoder.encode(MarkedText.of(TEXT), tokenizer, true);
        }
        assertThat(ids).hasSizeBetween(80, 256);
    }

    @AfterAll
    static void close() {
        exact.close();
    }

    /** Probabilities of all tokens after each of these, from one step without a cache. */
    private static double[][] probabilities(DecoderBackend backend, int[] ids) {
        Batch batch = new Batch();
        for (int i = 0; i < ids.length; i++) {
            batch.add(1, i, ids[i], true);
        }
        backend.open(1);
        Logits logits = backend.step(batch);
        float[] row = new float[backend.capabilities().vocabularySize()];
        double[][] probabilities = new double[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            logits.read(i, row);
            double[] powers = IntStream.range(0, row.length)
                    .mapToDouble(k -> Math.exp(row[k]))
                    .toArray();
            double sum = Arrays.stream(powers).sum();
            probabilities[i] = Arrays.stream(powers).map(power -> power / sum).toArray();
        }
        backend.close(1);
        return probabilities;
    }

    /** Nats per token, each token taken from the first window that reaches it. */
    private static double loss(DecoderBackend backend, int[] ids, int length, int stride) {
        Map<Integer, double[][]> windows = new HashMap<>();
        double loss = 0;
        for (int target = 1; target < ids.length; target++) {
            int start = 0;
            while (start + length < target) {
                start += stride;
            }
            double[][] rows = windows.computeIfAbsent(
                    start,
                    from -> probabilities(
                            backend, Arrays.copyOfRange(ids, from, Math.min(from + length, ids.length - 1))));
            loss -= Math.log(rows[target - 1 - start][ids[target]]);
        }
        return loss / (ids.length - 1);
    }

    private static PerplexityFigures measure(DecoderBackend backend, int[] ids, int length, int stride) {
        return new Perplexity(backend, new Windows(length, stride)).measure(ids, fraction -> {});
    }

    @ParameterizedTest
    @CsvSource({"256, 128", "64, 64", "40, 13", "16, 4"})
    void isThatOfAllLogits(int length, int stride) {
        PerplexityFigures figures = measure(exact, ids, length, stride);
        assertThat(figures.tokens()).isEqualTo(ids.length - 1);
        assertThat(figures.negativeLogLikelihood()).isCloseTo(loss(exact, ids, length, stride), within(1e-5));
    }

    @Test
    void aFewLogitsAtATimeAreTheSame() {
        long bytes = 7L * Float.BYTES * exact.capabilities().vocabularySize();
        PerplexityFigures figures =
                new Perplexity(exact, null, new Windows(64, 32), bytes).measure(ids, fraction -> {});
        assertThat(figures.negativeLogLikelihood()).isCloseTo(loss(exact, ids, 64, 32), within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba", "rwkv4", "mistral_sliding", "gpt2_default"})
    void goesForEveryKindOfCache(String name) {
        Path folder = Path.of("src/test/resources/golden", name);
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, FLOAT32)) {
            int vocabulary = backend.capabilities().vocabularySize();
            int[] random = new SplittableRandom(5).ints(60, 0, vocabulary).toArray();
            assertThat(measure(backend, random, 24, 10).negativeLogLikelihood())
                    .isCloseTo(loss(backend, random, 24, 10), within(1e-5));
        }
    }

    @Test
    void aModelDoesNotDivergeFromItself() {
        Divergence divergence = compare(FLOAT32, new Windows(64, 32));
        assertThat(divergence)
                .isEqualTo(new Divergence(0, 0, 1, measure(exact, ids, 64, 32).negativeLogLikelihood()));
    }

    @Test
    void halfPrecisionDivergesALittle() {
        Divergence divergence = compare(LoadOptions.ofDtype("bfloat16"), new Windows(256, 128));
        double[][] reference = probabilities(exact, Arrays.copyOf(ids, ids.length - 1));
        double sum = 0;
        double largest = 0;
        try (DecoderBackend half = Jllm.ofUser().loadDecoder("demo", LoadOptions.ofDtype("bfloat16"))) {
            double[][] rows = probabilities(half, Arrays.copyOf(ids, ids.length - 1));
            for (int i = 0; i < rows.length; i++) {
                double[] wanted = reference[i];
                double[] row = rows[i];
                double one = IntStream.range(0, row.length)
                        .mapToDouble(k -> wanted[k] * Math.log(wanted[k] / row[k]))
                        .sum();
                sum += one;
                largest = Math.max(largest, one);
            }
        }
        assertThat(divergence.mean()).isCloseTo(sum / (ids.length - 1), within(1e-5));
        assertThat(divergence.largest()).isCloseTo(largest, within(1e-4));
        assertThat(divergence.mean()).isBetween(1e-6, 0.01);
        assertThat(divergence.sameTop()).isBetween(0.9, 1.0);
    }

    private static Divergence compare(LoadOptions options, Windows windows) {
        try (DecoderBackend model = Jllm.ofUser().loadDecoder("demo", options)) {
            Divergence divergence = new Perplexity(model, exact, windows)
                    .measure(ids, fraction -> {})
                    .divergence();
            assertThat(divergence).isNotNull();
            return divergence;
        }
    }
}
