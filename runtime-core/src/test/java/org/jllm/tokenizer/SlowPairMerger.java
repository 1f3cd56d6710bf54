package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Byte-pair encoding as its definition says it, without any thought of speed. */
final class SlowPairMerger {
    private SlowPairMerger() {}

    /** Equal pairs become one together, as in subword-nmt and CLIP; ranks as below. */
    static List<String> mergeTogether(List<String> symbols, Map<String, Integer> ranks) {
        List<String> current = List.copyOf(symbols);
        while (true) {
            String best = null;
            for (int i = 0; i + 1 < current.size(); i++) {
                String pair = current.get(i) + " " + current.get(i + 1);
                if (ranks.containsKey(pair) && (best == null || ranks.get(pair) < ranks.get(best))) {
                    best = pair;
                }
            }
            if (best == null) {
                return current;
            }
            List<String> merged = new ArrayList<>();
            for (int i = 0; i < current.size(); i++) {
                boolean isPair = i + 1 < current.size() && best.equals(current.get(i) + " " + current.get(i + 1));
                merged.add(isPair ? current.get(i) + current.get(++i) : current.get(i));
            }
            current = merged;
        }
    }

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
