package org.jllm.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.encoding.EncoderInput;
import org.jspecify.annotations.Nullable;

/**
 * Texts that a graph computes at once: a rectangle of as many rows as texts, filled up at their ends.
 *
 * @param places of the texts among those that were given
 * @param width tokens of a row
 */
record PaddedBatch(List<EncoderInput> texts, List<Integer> places, int width) {
    /** Of the rows' tokens no more than this part is padding: more costs more than a run for each length does. */
    private static final double MOST_PADDING = 0.03;

    PaddedBatch {
        texts = List.copyOf(texts);
        places = List.copyOf(places);
    }

    /** Which texts a graph may compute at once. */
    enum Company {
        /** None: their numbers would depend on each other. */
        NONE,
        /** Those of the same length: it cannot be told what is padding. */
        SAME_LENGTH,
        /** Those of like length. */
        LIKE_LENGTH
    }

    /**
     * Groups texts.
     *
     * @param width that rows must have; 0: that of the longest text
     */
    static List<PaddedBatch> of(List<EncoderInput> given, Company company, int width) {
        List<Integer> order = IntStream.range(0, given.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> given.get(i).length()))
                .toList();
        List<PaddedBatch> batches = new ArrayList<>();
        int first = 0;
        long tokens = 0;
        for (int i = 0; i < order.size(); i++) {
            int length = given.get(order.get(i)).length();
            if (i > first && !fits(company, given.get(order.get(first)).length(), length, i - first, tokens)) {
                batches.add(batch(given, order.subList(first, i), width));
                first = i;
                tokens = 0;
            }
            tokens += length;
        }
        batches.add(batch(given, order.subList(first, order.size()), width));
        return batches;
    }

    private static boolean fits(Company company, int shortest, int length, int texts, long tokens) {
        long cells = (texts + 1L) * length;
        return switch (company) {
            case NONE -> false;
            case SAME_LENGTH -> shortest == length;
            case LIKE_LENGTH -> cells - tokens - length <= cells * MOST_PADDING;
        };
    }

    private static PaddedBatch batch(List<EncoderInput> given, List<Integer> places, int width) {
        List<EncoderInput> texts = places.stream().map(given::get).toList();
        int longest = texts.get(texts.size() - 1).length();
        return new PaddedBatch(texts, places, width == 0 ? longest : width);
    }

    /** The shape of the rectangle. */
    long[] shape() {
        return new long[] {texts.size(), width};
    }

    /** The numbers of an input, row by row. */
    int[] values(GraphInput input, GraphSizes sizes) {
        int[] values = new int[texts.size() * width];
        for (int row = 0; row < texts.size(); row++) {
            EncoderInput text = texts.get(row);
            int[] own = own(input, text, sizes);
            System.arraycopy(own, 0, values, row * width, own.length);
            if (input == GraphInput.IDS) {
                Arrays.fill(values, row * width + own.length, (row + 1) * width, sizes.paddingId());
            }
        }
        return values;
    }

    private static int[] own(GraphInput input, EncoderInput text, GraphSizes sizes) {
        return switch (input) {
            case IDS -> text.ids();
            case MASK -> seen(text.length() - text.unseen());
            case TYPES -> orElse(text.types(), new int[text.length()]);
            case POSITIONS ->
                orElse(
                        text.positions(),
                        IntStream.range(sizes.firstPosition(), sizes.firstPosition() + text.length())
                                .toArray());
        };
    }

    private static int[] seen(int tokens) {
        int[] mask = new int[tokens];
        Arrays.fill(mask, 1);
        return mask;
    }

    private static int[] orElse(int @Nullable [] given, int[] otherwise) {
        return given == null ? otherwise : given;
    }
}
