package org.jllm.tokenizer;

import java.util.Arrays;

/**
 * Two texts as one sequence of ids.
 *
 * @param typeIds for each id which text it belongs to, as the reference numbers it; {@code T5Tokenizer} gives one more for
 *     each text that ends in its end token already, {@code MBartTokenizer} two more for any texts
 */
@SuppressWarnings("ArrayRecordComponent") // compared below
public record EncodedPair(int[] ids, int[] typeIds) {
    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedPair pair
                && Arrays.equals(ids, pair.ids)
                && Arrays.equals(typeIds, pair.typeIds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids) * 31 + Arrays.hashCode(typeIds);
    }
}
