package org.jllm.tokenizer;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Byte-pair encoding as sentencepiece does it (bpe_model.cc, without dropout). */
final class BpeSegmenter implements Segmenter {
    private static final int NONE = -1;

    private final Vocabulary vocabulary;
    private final SymbolMatcher userDefined;
    private final boolean hasUnused;

    BpeSegmenter(Vocabulary vocabulary, SymbolMatcher userDefined) {
        this.vocabulary = vocabulary;
        this.userDefined = userDefined;
        boolean unused = false;
        for (int id = 0; id < vocabulary.size(); id++) {
            unused |= vocabulary.type(id) == PieceType.UNUSED;
        }
        hasUnused = unused;
    }

    @Override
    public Segmentation segment(NormalizedText text, BitSet notInLiteral) {
        return new Run(text, notInLiteral).segment();
    }

    /** One run over a text. Symbols are numbered from left to right; a merge keeps the left one. */
    private final class Run {
        private final NormalizedText text;
        private final byte[] bytes;
        private final BitSet notInLiteral;
        private int[] starts;
        /** Length in bytes; 0 for a symbol that was merged into the one before. */
        private int[] lengths;

        private int[] previous;
        private int[] next;
        /** Where in the trie the symbol's text leads. */
        private int[] nodes;

        private final BitSet frozen = new BitSet();
        private final MergeQueue queue;
        /** Of a piece that is not to be used: the length of the left half of what it was merged from last. */
        private final Map<Integer, Integer> leftLengths = new HashMap<>();

        Run(NormalizedText text, BitSet notInLiteral) {
            this.text = text;
            this.notInLiteral = notInLiteral;
            bytes = text.bytes();
            int symbols = symbols();
            starts = new int[symbols];
            lengths = new int[symbols];
            previous = new int[symbols];
            next = new int[symbols];
            nodes = new int[symbols];
            queue = new MergeQueue(symbols);
        }

        /** How many symbols there are before any merge. */
        private int symbols() {
            int count = 0;
            for (int at = 0; at < text.length(); count++) {
                int length = userDefined.longestMatch(bytes, at, text.length(), text::touchesLiteral);
                at += length > 0 ? length : Utf8.announcedLength(bytes[at]);
            }
            return count;
        }

        Segmentation segment() {
            int symbols = split();
            for (int i = 1; i < symbols; i++) {
                propose(i - 1, i);
            }
            while (!queue.isEmpty()) {
                int left = queue.left();
                int right = queue.right();
                int length = queue.length();
                queue.remove();
                if (lengths[left] > 0 && lengths[right] > 0 && lengths[left] + lengths[right] == length) {
                    merge(left, right);
                }
            }
            Segmentation result = new Segmentation(symbols / 2);
            for (int i = symbols == 0 ? NONE : 0; i != NONE; i = next[i]) {
                emit(starts[i], lengths[i], result);
            }
            return result;
        }

        private int split() {
            int count = 0;
            for (int position = 0; position < text.length(); count++) {
                int length = userDefined.longestMatch(bytes, position, text.length(), text::touchesLiteral);
                if (length > 0) {
                    frozen.set(count);
                } else {
                    length = Math.min(text.length() - position, Utf8.announcedLength(bytes[position]));
                }
                starts[count] = position;
                lengths[count] = length;
                previous[count] = count - 1;
                nodes[count] = walk(ByteTrie.ROOT, position, position + length);
                position += length;
                next[count] = position < text.length() ? count + 1 : NONE;
            }
            return count;
        }

        private int walk(int node, int from, int to) {
            for (int i = from; i < to && node != ByteTrie.NONE; i++) {
                node = vocabulary.text.child(node, bytes[i]);
            }
            return node;
        }

        private void propose(int left, int right) {
            if (left == NONE || right == NONE || frozen.get(left) || frozen.get(right)) {
                return;
            }
            int node = walk(nodes[left], starts[right], starts[right] + lengths[right]);
            int id = node == ByteTrie.NONE ? NONE : vocabulary.text.value(node);
            int length = lengths[left] + lengths[right];
            if (id == NONE || (notInLiteral.get(id) && text.touchesLiteral(starts[left], starts[left] + length))) {
                return;
            }
            queue.add(vocabulary.score(id), left, right, length);
            if (hasUnused && vocabulary.type(id) == PieceType.UNUSED) {
                leftLengths.put(id, lengths[left]);
            }
        }

        private void merge(int left, int right) {
            nodes[left] = walk(nodes[left], starts[right], starts[right] + lengths[right]);
            lengths[left] += lengths[right];
            lengths[right] = 0;
            next[left] = next[right];
            if (next[right] != NONE) {
                previous[next[right]] = left;
            }
            propose(previous[left], left);
            propose(left, next[left]);
        }

        private void emit(int start, int length, Segmentation result) {
            int id = id(start, start + length);
            if (!hasUnused || !leftLengths.containsKey(id)) {
                result.add(start + length, id);
                return;
            }
            Deque<int[]> parts = new ArrayDeque<>();
            parts.push(new int[] {start, start + length});
            while (!parts.isEmpty()) {
                int[] part = parts.pop();
                id = id(part[0], part[1]);
                Integer left = leftLengths.get(id);
                if (left == null) {
                    result.add(part[1], id);
                } else {
                    parts.push(new int[] {part[0] + left, part[1]});
                    parts.push(new int[] {part[0], part[0] + left});
                }
            }
        }

        private int id(int from, int to) {
            int id = vocabulary.text.get(bytes, from, to);
            return id != ByteTrie.NONE ? vocabulary.resolved(id) : vocabulary.id(Utf8.decode(bytes, from, to));
        }
    }
}
