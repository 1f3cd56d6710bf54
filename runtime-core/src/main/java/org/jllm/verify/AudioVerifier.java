package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.LoadOptions;
import org.jllm.encoding.AudioBackend;
import org.jllm.encoding.EncodedAudio;
import org.jllm.generation.ModelLoader;

/** Golden cases of kind {@code audio}: features and hidden states of waveforms, alone and as a batch. */
final class AudioVerifier {
    private final Path folder;
    private final JsonNode inputs;
    private final JsonNode expected;
    private final Differences differences;
    private final AudioBackend backend;

    private AudioVerifier(Path folder, JsonNode golden, Differences differences, AudioBackend backend) {
        this.folder = folder;
        this.inputs = golden.path("inputs");
        this.expected = golden.path("expected");
        this.differences = differences;
        this.backend = backend;
    }

    /** Computes the case in float32, whatever type its weights are stored in. */
    static void verify(Path folder, JsonNode golden, ModelLoader loader, Differences differences) {
        try (AudioBackend backend = loader.loadAudioEncoder(folder, LoadOptions.ofDtype("float32"))) {
            new AudioVerifier(folder, golden, differences, backend).run();
        }
    }

    private void run() {
        List<float[]> waveforms = new ArrayList<>();
        for (JsonNode waveform : inputs.path("waveforms")) {
            waveforms.add(samples(waveform));
        }
        if (waveforms.isEmpty()) {
            throw new InvalidModelException(Verifier.FILE + ": there are no waveforms");
        }
        for (int i = 0; i < waveforms.size(); i++) {
            compare(
                    "waveforms[" + i + "].",
                    expected.path("waveforms").path(i),
                    backend.encode(List.of(waveforms.get(i))).get(0));
        }
        if (inputs.path("batch").isObject()) {
            List<EncodedAudio> together = backend.encode(waveforms);
            for (int i = 0; i < together.size(); i++) {
                compare(
                        "batch.rows[" + i + "].",
                        expected.path("batch").path("rows").path(i),
                        together.get(i));
            }
        }
    }

    private void compare(String where, JsonNode wanted, EncodedAudio result) {
        if (wanted.isEmpty()) {
            throw new InvalidModelException(Verifier.FILE + ": nothing is expected of " + where);
        }
        wanted.properties().forEach(field -> {
            String what = where + field.getKey();
            JsonNode values = field.getValue();
            switch (field.getKey()) {
                case "frames" -> differences.count(what, values.intValue(), result.hiddenStates().length);
                case "first_conv_features" -> firstRows(what, values, result.features());
                case "last_hidden_state" -> {
                    differences.count(what, values.size(), result.hiddenStates().length);
                    firstRows(what, values, result.hiddenStates());
                }
                case "mean_pooled" -> differences.numbers(what, values, mean(result.hiddenStates()));
                default -> throw new InvalidModelException(Verifier.FILE + ": unknown output '" + field.getKey() + "'");
            }
        });
    }

    private void firstRows(String what, JsonNode wanted, float[][] rows) {
        for (int i = 0; i < wanted.size(); i++) {
            differences.numbers(what + '[' + i + ']', wanted.path(i), i < rows.length ? rows[i] : new float[0]);
        }
    }

    private static float[] mean(float[][] rows) {
        double[] sums = new double[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row[i];
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            mean[i] = (float) (sums[i] / rows.length);
        }
        return mean;
    }

    /** Little-endian float32 without a header. */
    private float[] samples(JsonNode waveform) {
        String name = waveform.path("file").asText();
        Path file = folder.resolve(name).normalize();
        if (name.isEmpty() || !folder.normalize().equals(file.getParent())) {
            throw new InvalidModelException(Verifier.FILE + ": '" + name + "' is no file of the folder");
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidModelException(name + " cannot be read: " + e.getMessage());
        }
        int count = waveform.path("samples").intValue();
        if (bytes.length != 4L * count) {
            throw new InvalidModelException(
                    name + " has " + bytes.length + " bytes, but " + count + " samples are " + 4L * count);
        }
        float[] samples = new float[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(samples);
        if (backend.capabilities().frames(count) == 0) {
            throw new InvalidModelException(name + " is too short for one frame");
        }
        return samples;
    }
}
