package org.jllm.torch;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jspecify.annotations.Nullable;

/**
 * Texts as the rows of one step: those of one length stand together, so that attention takes them at once, and nothing is
 * padded.
 */
final class PackedTexts {
    private static final Comparator<EncoderInput> LIKENESS = Comparator.comparingInt(EncoderInput::length)
            .thenComparingInt(EncoderInput::padding)
            .thenComparingInt(EncoderInput::unseen)
            .thenComparingInt(text -> text.entities().ids().length);

    private final List<EncoderInput> texts;
    /** Place in {@code texts} of each text of the step. */
    private final int[] order;

    PackedTexts(List<EncoderInput> given) {
        order = IntStream.range(0, given.size())
                .boxed()
                .sorted(Comparator.comparing(given::get, LIKENESS))
                .mapToInt(i -> i)
                .toArray();
        texts = Arrays.stream(order).mapToObj(given::get).toList();
    }

    /** Which of the given texts is the n-th of the step. */
    int place(int text) {
        return order[text];
    }

    /** The texts in the order of the step. */
    List<EncoderInput> texts() {
        return texts;
    }

    long[] ids() {
        return values(text -> text.ids());
    }

    long[] types() {
        return values(text -> {
            int @Nullable [] types = text.types();
            return types == null ? new int[text.length()] : types;
        });
    }

    /**
     * The position of each token.
     *
     * @param paddingId as {@link EncoderPlan.Sizes} has it
     */
    long[] positions(int paddingId) {
        return values(text -> {
            int @Nullable [] positions = text.positions();
            return positions == null ? positions(text.ids(), paddingId) : positions;
        });
    }

    private static int[] positions(int[] ids, int paddingId) {
        int[] positions = new int[ids.length];
        int next = paddingId + 1;
        for (int i = 0; i < ids.length; i++) {
            positions[i] = paddingId >= 0 && ids[i] == paddingId ? paddingId : next++;
        }
        return positions;
    }

    /** First row, texts, tokens, padding and unseen tokens of each, first entity, entities of each, for every kind of text. */
    long[] spans() {
        long[] spans = new long[7 * texts.size()];
        int length = 0;
        int row = 0;
        int entity = 0;
        for (int i = 0; i < texts.size(); i++) {
            EncoderInput text = texts.get(i);
            int entities = text.entities().ids().length;
            if (i > 0 && LIKENESS.compare(texts.get(i - 1), text) == 0) {
                spans[length - 6]++;
            } else {
                long[] span = {row, 1, text.length(), text.padding(), text.unseen(), entity, entities};
                System.arraycopy(span, 0, spans, length, span.length);
                length += span.length;
            }
            row += text.length();
            entity += entities;
        }
        return Arrays.copyOf(spans, length);
    }

    /** Rows of the tokens that were asked for. */
    long[] asked() {
        long[] asked = new long[count(EncoderOutput.MASKED_LM)];
        int length = 0;
        int row = 0;
        for (EncoderInput text : texts) {
            for (int token : text.asked()) {
                asked[length++] = (long) row + token;
            }
            row += text.length();
        }
        return asked;
    }

    /** Boxes and entities, each kind where the model takes it. */
    Map<String, long[]> extras(EncoderPlan.Sizes sizes) {
        Map<String, long[]> extras = new HashMap<>();
        if (sizes.boxes() > 0) {
            extras.put("boxes", values(PackedTexts::boxes));
        }
        if (sizes.entities() > 0 && count(EncoderOutput.ENTITY_HIDDEN_STATES) > 0) {
            extras.put("entity_ids", values(text -> text.entities().ids()));
            extras.put("entity_types", values(text -> text.entities().types()));
            int width = texts.stream()
                    .flatMap(text -> Arrays.stream(text.entities().positions()))
                    .mapToInt(positions -> positions.length)
                    .max()
                    .orElse(0);
            extras.put("entity_positions", values(text -> entityPositions(text, width)));
            extras.put("entity_width", new long[] {width});
        }
        return extras;
    }

    private static int[] boxes(EncoderInput text) {
        int @Nullable [][] boxes = text.boxes();
        return boxes == null
                ? new int[4 * text.length()]
                : Arrays.stream(boxes).flatMapToInt(Arrays::stream).toArray();
    }

    /** The positions of each entity, filled with -1 to one width. */
    private static int[] entityPositions(EncoderInput text, int width) {
        return Arrays.stream(text.entities().positions())
                .flatMapToInt(positions -> {
                    int[] filled = Arrays.copyOf(positions, width);
                    Arrays.fill(filled, positions.length, width, -1);
                    return Arrays.stream(filled);
                })
                .toArray();
    }

    /** How many rows an output has for all texts together. */
    int count(EncoderOutput output) {
        return texts.stream().mapToInt(output::count).sum();
    }

    private interface Values {
        int[] of(EncoderInput text);
    }

    private long[] values(Values each) {
        return texts.stream()
                .flatMapToInt(text -> Arrays.stream(each.of(text)))
                .asLongStream()
                .toArray();
    }
}
