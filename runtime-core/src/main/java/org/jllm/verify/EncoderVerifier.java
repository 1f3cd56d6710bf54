package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.LoadOptions;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.encoding.Entities;
import org.jllm.generation.ModelLoader;

/** Golden cases of kind {@code encoder}: hidden states, pooled outputs and heads, alone and as a batch. */
final class EncoderVerifier {
    private static final Set<EncoderOutput> LABELS = EnumSet.of(EncoderOutput.TEXT_LABELS, EncoderOutput.TOKEN_LABELS);

    private final JsonNode inputs;
    private final JsonNode expected;
    private final Differences differences;
    private final EncoderBackend backend;

    private EncoderVerifier(JsonNode golden, Differences differences, EncoderBackend backend) {
        this.inputs = golden.path("inputs");
        this.expected = golden.path("expected");
        this.differences = differences;
        this.backend = backend;
    }

    /** Computes the case in float32, whatever type its weights are stored in. */
    static void verify(Path folder, JsonNode golden, ModelLoader loader, Differences differences) {
        LoadOptions options = LoadOptions.ofDtype("float32");
        try (EncoderBackend backend = loader.loadEncoder(folder, options)) {
            new EncoderVerifier(golden, differences, backend).run();
        }
    }

    private void run() {
        JsonNode prompts = inputs.path("prompts");
        if (prompts.isEmpty()) {
            throw new InvalidModelException(Verifier.FILE + ": there are no prompts");
        }
        List<EncoderInput> texts = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            EncoderInput text = new GoldenText(prompts.path(i)).input();
            texts.add(text);
            compare("prompts[" + i + "].", expected.path("prompts").path(i), List.of(text), 0);
        }
        if (inputs.path("batch").isObject()) {
            batch(inputs.path("batch"), texts);
        }
        if (inputs.path("masked_lm").isObject()) {
            maskedLm(inputs.path("masked_lm"));
        }
    }

    /** The prompts of the padded batch, all at once; masked positions are not there, but counted. */
    private void batch(JsonNode batch, List<EncoderInput> prompts) {
        List<EncoderInput> texts = new ArrayList<>();
        boolean right = batch.path("padding_side").asText("right").equals("right");
        for (int row = 0; row < prompts.size(); row++) {
            int padding =
                    batch.path("input_ids").path(row).size() - prompts.get(row).length();
            texts.add(right ? prompts.get(row).withPadding(Math.max(padding, 0)) : prompts.get(row));
        }
        for (int row = 0; row < texts.size(); row++) {
            compare(
                    "batch.rows[" + row + "].",
                    expected.path("batch").path("rows").path(row),
                    texts,
                    row);
        }
    }

    private void compare(String where, JsonNode wanted, List<EncoderInput> texts, int text) {
        if (wanted.isEmpty()) {
            throw new InvalidModelException(Verifier.FILE + ": nothing is expected of " + where);
        }
        Set<EncoderOutput> outputs = EnumSet.noneOf(EncoderOutput.class);
        wanted.fieldNames().forEachRemaining(name -> outputs.add(output(name)));
        for (EncoderOutput output : outputs) {
            if (!backend.capabilities().outputs().contains(output)) {
                throw new InvalidModelException(
                        Verifier.FILE + ": " + where + " expects " + output + ", which the model does not give");
            }
        }
        EncodedText result = encode(texts, outputs).get(text);
        wanted.properties()
                .forEach(field -> rows(where + field.getKey(), field.getValue(), result.rows(output(field.getKey()))));
    }

    private EncoderOutput output(String name) {
        return switch (name) {
            case "last_hidden_state" -> EncoderOutput.HIDDEN_STATES;
            case "mean_pooled" -> EncoderOutput.MEAN;
            case "entity_last_hidden_state" -> EncoderOutput.ENTITY_HIDDEN_STATES;
            case "pooler_output" -> EncoderOutput.POOLED;
            case "seq_relationship_logits" -> EncoderOutput.SEQUENCE_RELATIONSHIP;
            case "logits" ->
                LABELS.stream()
                        .filter(backend.capabilities().outputs()::contains)
                        .findFirst()
                        .orElse(EncoderOutput.TEXT_LABELS);
            default -> throw new InvalidModelException(Verifier.FILE + ": unknown output '" + name + "'");
        };
    }

    /** One row, a list of rows, or a number a row. */
    private void rows(String what, JsonNode wanted, float[][] rows) {
        boolean nested = wanted.path(0).isArray();
        if (!nested) {
            float[] values =
                    new float[Arrays.stream(rows).mapToInt(row -> row.length).sum()];
            int length = 0;
            for (float[] row : rows) {
                System.arraycopy(row, 0, values, length, row.length);
                length += row.length;
            }
            differences.numbers(what, wanted, values);
            return;
        }
        differences.count(what, wanted.size(), rows.length);
        for (int i = 0; i < rows.length; i++) {
            differences.numbers(what + '[' + i + ']', wanted.path(i), rows[i]);
        }
    }

    private void maskedLm(JsonNode masked) {
        EncoderInput text = new GoldenText(masked).input();
        int position = Golden.count(masked, "mask_position", text.length() - 1);
        JsonNode wanted = expected.path("masked_lm");
        if (!backend.capabilities().outputs().contains(EncoderOutput.MASKED_LM)) {
            throw new InvalidModelException(Verifier.FILE + ": the model has no head for masked_lm");
        }
        float[] logits = encode(List.of(text.asking(position)), EnumSet.of(EncoderOutput.MASKED_LM))
                .get(0)
                .row(EncoderOutput.MASKED_LM);
        differences.numbers("masked_lm.logits", wanted.path("logits"), logits);
        differences.top("masked_lm.top5", wanted.path("top5"), LogProbabilities.of(logits));
    }

    private List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> outputs) {
        for (EncoderInput text : texts) {
            text.misfit(backend.capabilities()).ifPresent(misfit -> {
                throw new InvalidModelException(Verifier.FILE + ": " + misfit);
            });
        }
        return backend.encode(texts, outputs);
    }

    /** The inputs of one text. */
    private record GoldenText(JsonNode fields) {
        EncoderInput input() {
            EncoderInput input = EncoderInput.of(ints(fields.path("input_ids")));
            if (fields.has("token_type_ids")) {
                input = input.withTypes(ints(fields.path("token_type_ids")));
            }
            if (fields.has("position_ids")) {
                input = input.withPositions(ints(fields.path("position_ids")));
            }
            if (fields.has("bbox")) {
                input = input.withBoxes(lists(fields.path("bbox")));
            }
            return fields.has("entity_ids") ? input.withEntities(entities()) : input;
        }

        /** Those that are not masked; -1 stands for no position. */
        private Entities entities() {
            int[] ids = ints(fields.path("entity_ids"));
            JsonNode mask = fields.path("entity_attention_mask");
            int[] present = IntStream.range(0, ids.length)
                    .filter(i -> !mask.isArray() || mask.path(i).intValue() != 0)
                    .toArray();
            int[][] positions = lists(fields.path("entity_position_ids"));
            JsonNode types = fields.path("entity_token_type_ids");
            int[] given = types.isArray() ? ints(types) : new int[ids.length];
            if (positions.length != ids.length || given.length != ids.length) {
                throw new InvalidModelException(
                        Verifier.FILE + ": entities, their positions and their types differ in" + " number");
            }
            return new Entities(
                    Arrays.stream(present).map(i -> ids[i]).toArray(),
                    Arrays.stream(present)
                            .mapToObj(i -> Arrays.stream(positions[i])
                                    .filter(position -> position != -1)
                                    .toArray())
                            .toArray(int[][]::new),
                    Arrays.stream(present).map(i -> given[i]).toArray());
        }

        private static int[][] lists(JsonNode array) {
            return IntStream.range(0, array.size())
                    .mapToObj(i -> ints(array.path(i)))
                    .toArray(int[][]::new);
        }

        private static int[] ints(JsonNode array) {
            for (JsonNode value : array) {
                if (!value.isInt()) {
                    throw new InvalidModelException(Verifier.FILE + ": " + value + " is no whole number");
                }
            }
            return Golden.ints(array);
        }
    }
}
