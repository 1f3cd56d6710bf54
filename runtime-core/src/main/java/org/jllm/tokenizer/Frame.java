package org.jllm.tokenizer;

import java.util.Arrays;

/**
 * The special tokens around one text, and around and between two ({@code build_inputs_with_special_tokens} and
 * {@code create_token_type_ids_from_sequences} of Transformers).
 *
 * @param before before the first text
 * @param afterFirst between two texts, counted to the first
 * @param beforeSecond between two texts, counted to the second
 * @param after behind the last text
 * @param secondType token type of the second text
 * @param lastType token type of the last token of a pair
 * @param moreTypes how many token types of a pair the class counts beyond its ids
 * @param once whether what comes behind a text is left out where the text ends so already
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(
        int[] before,
        int[] afterFirst,
        int[] beforeSecond,
        int[] after,
        int secondType,
        int lastType,
        int moreTypes,
        boolean once) {

    private static final int[] NOTHING = {};

    /** Nothing is added. */
    static Frame none() {
        return of(NOTHING, NOTHING, NOTHING, NOTHING, 1);
    }

    static Frame of(int[] before, int[] afterFirst, int[] beforeSecond, int[] after, int secondType) {
        return new Frame(before, afterFirst, beforeSecond, after, secondType, secondType, 0, false);
    }

    /** {@code [CLS] A [SEP]}, {@code [CLS] A [SEP] B [SEP]}. */
    static Frame clsSep(int cls, int sep) {
        return of(new int[] {cls}, new int[] {sep}, NOTHING, new int[] {sep}, 1);
    }

    int[] single(int[] ids) {
        IntArray all = new IntArray(before.length + ids.length + after.length);
        all.addAll(before);
        all.addAll(ids);
        all.addAll(once && endsWith(ids, after) ? NOTHING : after);
        return all.toArray();
    }

    EncodedPair pair(int[] first, int[] second) {
        IntArray all = new IntArray(first.length + second.length + 8);
        all.addAll(before);
        all.addAll(first);
        all.addAll(once && endsWith(first, afterFirst) ? NOTHING : afterFirst);
        int start = all.size();
        all.addAll(beforeSecond);
        all.addAll(second);
        all.addAll(once && endsWith(second, after) ? NOTHING : after);
        // The class counts what is left out here.
        int[] types = new int
                [before.length
                        + first.length
                        + afterFirst.length
                        + beforeSecond.length
                        + second.length
                        + after.length
                        + moreTypes];
        Arrays.fill(types, start, types.length, secondType);
        if (lastType != secondType) {
            types[types.length - 1] = lastType;
        }
        return new EncodedPair(all.toArray(), types);
    }

    private static boolean endsWith(int[] ids, int[] end) {
        int start = ids.length - end.length;
        return start >= 0 && Arrays.equals(ids, start, ids.length, end, 0, end.length);
    }
}
