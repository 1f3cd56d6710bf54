package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Byte-pair encoding as its definition says it, without any thought of speed. */
final class SlowPairMerger {
    private SlowPairMerger() {}

    /** @param ranks of two symbols written with a space between */
    static List<String> merge(List<String> symbols, Map<String, Integer> ranks) {
        List<String> current = new ArrayList<>(symbols);
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < current.size(); i++) {
                int rank = ranks.getOrDefault(current.get(i) + " " + current.get(i + 1), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    bestRank = rank;
                    best = i;
                }
            }
            if (best < 0) {
                return current;
            }
            current.set(best, current.get(best) + current.remove(best + 1));
        }
    }
}
