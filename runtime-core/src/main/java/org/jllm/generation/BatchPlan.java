package org.jllm.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which rows the next step computes: one for each text that is decoded, and the prompts share what is left in equal parts,
 * so that a short one does not wait for a long one.
 */
record BatchPlan(List<Part> parts) {
    /** The next rows of one sequence, and which of them want logits. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(Sequence sequence, int rows, boolean[] wanted) {
        static Part of(Sequence sequence, int rows) {
            boolean[] wanted = new boolean[rows];
            for (int row = 0; row < rows; row++) {
                wanted[row] = sequence.wantsLogits(sequence.fed + row);
            }
            return new Part(sequence, rows, wanted);
        }
    }

    static BatchPlan of(List<Sequence> running, int maxRows, int prefillRows, int scoredRows) {
        List<Part> parts = new ArrayList<>();
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : running) {
            if (sequence.prefilling()) {
                prompts.add(sequence);
            } else {
                parts.add(Part.of(sequence, 1));
            }
        }
        int room = maxRows - parts.size();
        if (!parts.isEmpty()) {
            int rows = Math.max(prefillRows, prefillRows * prompts.size() / parts.size());
            room = Math.min(room, Math.max(rows, prompts.size()));
        }
        prompts.sort(Comparator.comparingInt(Sequence::unfed));
        int left = prompts.size();
        for (Sequence sequence : prompts) {
            int share = (room + left - 1) / left--;
            int rows = Math.min(share, sequence.unfed());
            if (sequence.scoresPrompt()) {
                rows = Math.min(rows, scoredRows);
            }
            if (rows > 0) {
                parts.add(Part.of(sequence, rows));
                room -= rows;
            }
        }
        return new BatchPlan(parts);
    }

    void fill(Batch batch) {
        batch.clear();
        for (Part part : parts) {
            Sequence sequence = part.sequence();
            for (int row = 0; row < part.rows(); row++) {
                int position = sequence.fed + row;
                batch.add(sequence.slot, position, sequence.id(position), part.wanted()[row]);
            }
        }
    }
}
