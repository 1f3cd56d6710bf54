package org.jllm.tokenizer;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The best path by a unigram language model, as the default encoder of sentencepiece finds it (EncodeOptimized in
 * unigram_model.cc), with its mixture of float and double.
 */
final class UnigramSegmenter implements Segmenter {
    private static final float UNKNOWN_PENALTY = 10;
    private static final int NONE = -1;

    private final Vocabulary vocabulary;
    private final float[] scores;
    private final byte[] kinds;
    private final float unknownScore;
    private final float largestScore;

    private static final byte ORDINARY = 0;
    private static final byte UNUSED = 1;
    private static final byte USER_DEFINED = 2;

    UnigramSegmenter(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        scores = new float[vocabulary.size()];
        kinds = new byte[vocabulary.size()];
        float smallest = Float.MAX_VALUE;
        float largest = Float.MIN_NORMAL;
        for (int id = 0; id < scores.length; id++) {
            scores[id] = vocabulary.score(id);
            PieceType type = vocabulary.type(id);
            kinds[id] = type == PieceType.UNUSED ? UNUSED : type == PieceType.USER_DEFINED ? USER_DEFINED : ORDINARY;
            if (type == PieceType.NORMAL) {
                smallest = Math.min(smallest, scores[id]);
                largest = Math.max(largest, scores[id]);
            }
        }
        unknownScore = smallest - UNKNOWN_PENALTY;
        largestScore = largest;
    }

    @Override
    public Segmentation segment(NormalizedText text, BitSet notInLiteral) {
        byte[] bytes = text.bytes();
        int size = text.length();
        int[] ids = new int[size + 1];
        float[] best = new float[size + 1];
        int[] starts = new int[size + 1];
        Arrays.fill(starts, NONE);
        ByteTrie trie = vocabulary.text;
        for (int start = 0; start < size; ) {
            float before = best[start];
            int charEnd = Math.min(size, start + Utf8.announcedLength(bytes[start]));
            boolean single = false;
            int node = ByteTrie.ROOT;
            for (int end = start; end < size; ) {
                node = trie.child(node, bytes[end++]);
                if (node == ByteTrie.NONE) {
                    break;
                }
                int id = trie.value(node);
                if (id == ByteTrie.NONE
                        || kinds[id] == UNUSED
                        || (notInLiteral.get(id) && text.touchesLiteral(start, end))) {
                    continue;
                }
                double score = kinds[id] == USER_DEFINED ? (end - start) * largestScore - 0.1 : scores[id];
                double candidate = score + before;
                if (starts[end] == NONE || candidate > best[end]) {
                    best[end] = (float) candidate;
                    starts[end] = start;
                    ids[end] = id;
                }
                single |= end == charEnd;
            }
            if (!single) {
                float candidate = unknownScore + before;
                if (starts[charEnd] == NONE || candidate > best[charEnd]) {
                    best[charEnd] = candidate;
                    starts[charEnd] = start;
                    ids[charEnd] = vocabulary.unknownId;
                }
            }
            start = charEnd;
        }
        return backtrack(starts, ids, size);
    }

    private static Segmentation backtrack(int[] starts, int[] ids, int size) {
        int[] ends = new int[size];
        int count = 0;
        for (int end = size; end > 0; end = starts[end]) {
            ends[count++] = end;
        }
        Segmentation result = new Segmentation(count);
        while (count > 0) {
            int end = ends[--count];
            result.add(end, ids[end]);
        }
        return result;
    }
}
