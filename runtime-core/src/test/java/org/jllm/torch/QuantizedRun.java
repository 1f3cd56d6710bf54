package org.jllm.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.LoadOptions;
import org.jllm.encoding.AudioBackend;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;

/** What a model of any kind computes of fixed inputs when its matrices are kept in a given form. */
final class QuantizedRun {
    private static final int[] IDS = {1, 3, 42, 55, 12, 55, 23, 4};

    private QuantizedRun() {}

    static LoadOptions options(String dtype, String quantize) {
        return LoadOptions.builder().dtype(dtype).quantize(quantize).threads(1).build();
    }

    /** All that a model gives, row by row. */
    static List<float[]> outputs(Path folder, String dtype, String quantize) {
        LoadOptions options = options(dtype, quantize);
        TransformersLoader loader = new TransformersLoader();
        String type = Architectures.modelType(Architectures.configuration(folder));
        if (type.equals("hubert")) {
            try (AudioBackend model = loader.loadAudioEncoder(folder, options)) {
                return heard(model);
            }
        } else if (loader.isEncoder(folder)) {
            try (EncoderBackend model = loader.loadEncoder(folder, options)) {
                return read(model);
            }
        }
        try (DecoderBackend model = loader.loadDecoder(folder, options)) {
            return logits(model, IDS);
        }
    }

    /** Logits after each token. */
    static List<float[]> logits(DecoderBackend model, int... ids) {
        Batch batch = new Batch();
        for (int i = 0; i < ids.length; i++) {
            batch.add(0, i, ids[i], true);
        }
        model.open(0);
        Logits computed = model.step(batch);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            float[] row = new float[model.capabilities().vocabularySize()];
            computed.read(i, row);
            rows.add(row);
        }
        model.close(0);
        return rows;
    }

    private static List<float[]> read(EncoderBackend model) {
        Set<EncoderOutput> outputs = model.capabilities().outputs();
        EncodedText text = model.encode(List.of(EncoderInput.of(IDS).asking(1, 3)), outputs)
                .get(0);
        return outputs.stream()
                .flatMap(output -> List.of(text.rows(output)).stream())
                .toList();
    }

    private static List<float[]> heard(AudioBackend model) {
        Random random = new Random(7);
        float[] waveform = new float[3_000];
        for (int i = 0; i < waveform.length; i++) {
            waveform[i] = (float) (0.1 * random.nextGaussian());
        }
        return List.of(model.encode(List.of(waveform)).get(0).hiddenStates());
    }

    /** Length of the difference of two lists of rows over the length of the first, minus its mean. */
    static double distance(List<float[]> exact, List<float[]> computed) {
        double[] wanted = flat(exact);
        double[] found = flat(computed);
        double mean = IntStream.range(0, wanted.length)
                .mapToDouble(i -> wanted[i])
                .average()
                .orElseThrow();
        double difference = 0;
        double size = 0;
        for (int i = 0; i < wanted.length; i++) {
            difference += (wanted[i] - found[i]) * (wanted[i] - found[i]);
            size += (wanted[i] - mean) * (wanted[i] - mean);
        }
        return Math.sqrt(difference / size);
    }

    private static double[] flat(List<float[]> rows) {
        return rows.stream()
                .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
                .toArray();
    }

    /** The largest divergence (Kullback and Leibler) of the next token's distribution, over all rows, in nats. */
    static double divergence(List<float[]> exact, List<float[]> computed) {
        return IntStream.range(0, exact.size())
                .mapToDouble(row -> divergence(exact.get(row), computed.get(row)))
                .max()
                .orElseThrow();
    }

    private static double divergence(float[] exact, float[] computed) {
        double[] wanted = logProbabilities(exact);
        double[] found = logProbabilities(computed);
        return IntStream.range(0, wanted.length)
                .mapToDouble(i -> Math.exp(wanted[i]) * (wanted[i] - found[i]))
                .sum();
    }

    private static double[] logProbabilities(float[] logits) {
        double largest = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double sum = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i] - largest))
                .sum();
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i] - largest - Math.log(sum))
                .toArray();
    }
}
