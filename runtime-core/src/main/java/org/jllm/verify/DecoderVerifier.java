package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.LoadOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.ModelLoader;

/** Golden cases of kind {@code causal-lm}: logits, log-probabilities and greedy continuations, alone and as a batch. */
final class DecoderVerifier {
    private final JsonNode inputs;
    private final JsonNode expected;
    private final Differences differences;
    private final DecoderBackend backend;
    private final Batch batch = new Batch();
    private final List<float[]> computed = new ArrayList<>();

    private DecoderVerifier(JsonNode golden, Differences differences, DecoderBackend backend) {
        this.inputs = golden.path("inputs");
        this.expected = golden.path("expected");
        this.differences = differences;
        this.backend = backend;
    }

    /** Computes the case in float32, whatever type its weights are stored in. */
    static void verify(Path folder, JsonNode golden, ModelLoader loader, Differences differences) {
        LoadOptions options = LoadOptions.ofDtype("float32");
        try (DecoderBackend backend = loader.loadDecoder(folder, options)) {
            new DecoderVerifier(golden, differences, backend).run();
        }
    }

    private void run() {
        List<int[]> prompts = new ArrayList<>();
        for (JsonNode prompt : inputs.path("prompts")) {
            Capabilities capabilities = backend.capabilities();
            prompts.add(Golden.prompt(
                    prompt.path("input_ids"), capabilities.vocabularySize(), capabilities.contextLength()));
        }
        if (prompts.isEmpty() || prompts.size() > backend.capabilities().slots()) {
            throw new InvalidModelException(Verifier.FILE + ": there are " + prompts.size() + " prompts, not 1 to "
                    + backend.capabilities().slots());
        }
        for (int i = 0; i < prompts.size(); i++) {
            prompt(i, prompts.get(i));
        }
        if (inputs.path("batch").isObject()) {
            together(prompts);
        }
    }

    private void prompt(int number, int[] ids) {
        JsonNode wanted = expected.path("prompts").path(number);
        String where = "prompts[" + number + "].";
        backend.open(0);
        List<float[]> rows = feed(0, ids, true);
        float[] last = rows.get(ids.length - 1);
        differences.numbers(where + "last_logits", wanted.path("last_logits"), last);
        differences.top(where + "top5", wanted.path("top5"), LogProbabilities.of(last));
        float[] given = new float[ids.length - 1];
        for (int i = 1; i < ids.length; i++) {
            given[i - 1] = LogProbabilities.of(rows.get(i - 1))[ids[i]];
        }
        differences.numbers(where + "token_logprobs", wanted.path("token_logprobs"), given);
        differences.ids(where + "greedy_ids", wanted.path("greedy_ids"), greedy(ids.length, last));

        if (ids.length > 1) {
            backend.retain(0, 0);
            int half = ids.length / 2;
            feed(0, Arrays.copyOf(ids, half), false);
            float[] chunked =
                    feed(0, Arrays.copyOfRange(ids, half, ids.length), true).get(ids.length - half - 1);
            differences.numbers(where + "last_logits in two chunks", wanted.path("last_logits"), chunked);
        }
        backend.close(0);
    }

    private int[] greedy(int promptLength, float[] first) {
        int count =
                Golden.count(inputs, "max_new_tokens", backend.capabilities().contextLength() - promptLength + 1);
        int[] ids = new int[count];
        float[] logits = first;
        for (int i = 0; i < count; i++) {
            ids[i] = argmax(logits);
            if (i < count - 1) {
                logits = feed(0, new int[] {ids[i]}, true).get(0);
            }
        }
        return ids;
    }

    private static int argmax(float[] values) {
        return IntStream.range(0, values.length).reduce(0, (best, i) -> values[i] > values[best] ? i : best);
    }

    /** The prompts in one ragged batch: what the reference pads is not there at all. */
    private void together(List<int[]> prompts) {
        for (int slot = 0; slot < prompts.size(); slot++) {
            backend.open(slot);
            add(slot, prompts.get(slot), false);
        }
        List<float[]> rows = compute();
        for (int slot = 0; slot < prompts.size(); slot++) {
            differences.numbers(
                    "batch.last_logits[" + slot + "]",
                    expected.path("batch").path("last_logits").path(slot),
                    rows.get(slot));
            backend.close(slot);
        }
    }

    /** Logits after each id, or after the last alone. */
    private List<float[]> feed(int slot, int[] ids, boolean everyRow) {
        add(slot, ids, everyRow);
        return compute();
    }

    private void add(int slot, int[] ids, boolean everyRow) {
        int position = backend.length(slot);
        for (int i = 0; i < ids.length; i++) {
            if (batch.size() == backend.capabilities().maxBatchRows()) {
                step();
            }
            batch.add(slot, position + i, ids[i], everyRow || i == ids.length - 1);
        }
    }

    private List<float[]> compute() {
        step();
        List<float[]> rows = List.copyOf(computed);
        computed.clear();
        return rows;
    }

    private void step() {
        Logits logits = backend.step(batch);
        for (int row = 0; row < logits.rows(); row++) {
            computed.add(read(logits, row));
        }
        batch.clear();
    }

    private float[] read(Logits logits, int row) {
        float[] values = new float[backend.capabilities().vocabularySize()];
        logits.read(row, values);
        return values;
    }
}
