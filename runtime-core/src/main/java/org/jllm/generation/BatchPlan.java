package org.jllm.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which rows the next step computes: one for each text that is decoded, with guesses behind it where few texts are, and
 * the prompts share what is left, the shortest first, so that it does not wait for a long one. Parts are as long as whole
 * tiles of attention where there is room for that: rows of one prompt that stand together see few cells of others, which
 * costs llama.cpp, with one cache for all, a third of the time otherwise. The prompt that came first has its part in every
 * step, however many short ones come.
 */
record BatchPlan(List<Part> parts) {
    /** Rows and cells that llama.cpp's attention takes at a time. */
    private static final int TILE = 64;

    /** The next rows of one sequence, which of them want logits, and guessed tokens after them, which all do. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(Sequence sequence, int rows, boolean[] wanted, int[] guesses) {
        static Part of(Sequence sequence, int rows, int... guesses) {
            boolean[] wanted = new boolean[rows];
            for (int row = 0; row < rows; row++) {
                wanted[row] = sequence.wantsLogits(sequence.fed + row);
            }
            return new Part(sequence, rows, wanted, guesses);
        }

        int size() {
            return rows + guesses.length;
        }
    }

    /**
     * The plan for these sequences, at most as many as there are rows.
     *
     * @param prefillRows of prompts in a step that decodes texts, too
     * @param scoredRows of a prompt that is scored
     * @param decodedRows that texts and their guesses may take together; more texts than that are decoded without guesses
     */
    static BatchPlan of(List<Sequence> running, int maxRows, int prefillRows, int scoredRows, int decodedRows) {
        List<Sequence> texts = new ArrayList<>();
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : running) {
            (sequence.prefilling() ? prompts : texts).add(sequence);
        }
        List<Part> decoded = decoded(texts, Math.min(decodedRows, maxRows - prompts.size()));
        int room = maxRows;
        for (Part part : decoded) {
            room -= part.size();
        }
        if (!decoded.isEmpty()) {
            int rows = Math.max(prefillRows, prefillRows * prompts.size() / decoded.size());
            room = Math.min(room, Math.max(rows, prompts.size()));
        }
        List<Part> parts = new ArrayList<>();
        int tile = room >= 2 * TILE ? TILE : 1;
        room -= room % tile;
        int left = prompts.size();
        int share = 1;
        for (Sequence sequence : inTurn(prompts)) {
            int equal = (room + left - 1) / left--;
            share = Math.max(share, (equal + tile - 1) / tile * tile);
            int rows = Math.min(Math.min(share, room), sequence.unfed());
            if (sequence.scoresPrompt()) {
                rows = Math.min(rows, scoredRows);
            }
            if (rows > 0) {
                parts.add(Part.of(sequence, rows));
                room -= rows;
            }
        }
        parts.addAll(decoded);
        return new BatchPlan(parts);
    }

    /** Texts share the rows for guesses; what one does not need, those after it may have. */
    private static List<Part> decoded(List<Sequence> texts, int rows) {
        List<Part> parts = new ArrayList<>();
        int spare = Math.max(0, rows - texts.size());
        int left = texts.size();
        for (Sequence text : texts) {
            int[] guesses = text.guesses(spare / left--);
            spare -= guesses.length;
            parts.add(Part.of(text, 1, guesses));
        }
        return parts;
    }

    boolean hasGuesses() {
        return parts.stream().anyMatch(part -> part.guesses().length > 0);
    }

    private static List<Sequence> inTurn(List<Sequence> prompts) {
        List<Sequence> turns = new ArrayList<>(prompts);
        turns.sort(Comparator.comparingInt(Sequence::unfed));
        if (turns.size() > 1) {
            Sequence first = prompts.get(0);
            turns.remove(first);
            turns.add(0, first);
        }
        return turns;
    }

    void fill(Batch batch) {
        batch.clear();
        for (Part part : parts) {
            Sequence sequence = part.sequence();
            for (int row = 0; row < part.rows(); row++) {
                int position = sequence.fed + row;
                batch.add(sequence.slot, position, sequence.id(position), part.wanted()[row]);
            }
            int position = sequence.fed + part.rows();
            for (int guess : part.guesses()) {
                batch.add(sequence.slot, position++, guess, true);
            }
        }
    }
}
