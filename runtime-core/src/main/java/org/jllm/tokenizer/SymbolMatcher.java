package org.jllm.tokenizer;

import java.util.List;

/** Finds the symbols that a sentencepiece model's maker defined. */
final class SymbolMatcher {
    private static final int TEXT = 0;
    private static final int CONTROL = 1;

    /** Whether a range of bytes has literal text in it. */
    @FunctionalInterface
    interface LiteralTest {
        boolean touches(int from, int to);
    }

    private final boolean empty;
    private final ByteTrie trie;

    SymbolMatcher(List<String> symbols) {
        empty = symbols.isEmpty();
        trie = new ByteTrie(
                symbols.stream().map(Utf8::encode).toArray(byte[][]::new),
                symbols.stream()
                        .mapToInt(symbol -> isControl(symbol) ? CONTROL : TEXT)
                        .toArray());
    }

    /**
     * Whether a special string steers the model, so that it has to be kept out of literal text. One character, or white
     * space alone (some models have a symbol for a line break or a run of spaces), is text like any other.
     */
    static boolean isControl(String symbol) {
        return symbol.codePointCount(0, symbol.length()) > 1
                && !symbol.codePoints().allMatch(c -> c == '▁' || PythonText.isSpace(c));
    }

    /** The length of the longest symbol that the bytes from {@code from} begin with, 0 without one. */
    int longestMatch(byte[] text, int from, int to, LiteralTest literal) {
        if (empty) {
            return 0;
        }
        int longest = 0;
        int node = ByteTrie.ROOT;
        for (int i = from; i < to; i++) {
            node = trie.child(node, text[i]);
            if (node == ByteTrie.NONE) {
                break;
            }
            int kind = trie.value(node);
            if (kind == TEXT || (kind == CONTROL && !literal.touches(from, i + 1))) {
                longest = i + 1 - from;
            }
        }
        return longest;
    }
}
