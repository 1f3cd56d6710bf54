package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * WordPiece, the longest match from the left; what continues a word is in the vocabulary with {@code ##} before it
 * ({@code WordpieceTokenizer} of Transformers). A word that cannot be cut so is unknown as a whole.
 */
final class WordPiece implements WordSplitter {
    /** In code points. */
    private static final int LONGEST_WORD = 100;

    private final TokenList vocabulary;
    private final ByteTrie trie;
    private final int continuation;

    WordPiece(TokenList vocabulary) {
        this.vocabulary = vocabulary;
        List<byte[]> keys = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        vocabulary.ids().forEach((token, id) -> {
            if (!token.isEmpty()) {
                keys.add(Utf8.encode(token));
                values.add(id);
            }
        });
        trie = new ByteTrie(
                keys.toArray(byte[][]::new), values.stream().mapToInt(i -> i).toArray());
        int node = ByteTrie.ROOT;
        for (byte b : Utf8.encode(WordPieceStyle.CONTINUATION)) {
            node = node == ByteTrie.NONE ? node : trie.child(node, b);
        }
        continuation = node;
    }

    /** Cuts text at white space first, as the class does. */
    @Override
    public void split(String word, SubwordModel.Output output) {
        PythonText.split(word).forEach(part -> splitWord(part, output));
    }

    private void splitWord(String word, SubwordModel.Output output) {
        int[] found = word.length() > 2 * LONGEST_WORD || word.codePointCount(0, word.length()) > LONGEST_WORD
                ? null
                : match(Utf8.encode(word));
        if (found == null) {
            output.add(vocabulary.unknownId(), vocabulary.unknown());
            return;
        }
        for (int id : found) {
            output.add(id, vocabulary.token(id));
        }
    }

    private int @Nullable [] match(byte[] word) {
        IntArray found = new IntArray(8);
        int start = 0;
        while (start < word.length) {
            int node = start == 0 ? ByteTrie.ROOT : continuation;
            int id = ByteTrie.NONE;
            int end = start;
            for (int i = start; i < word.length && node != ByteTrie.NONE; i++) {
                node = trie.child(node, word[i]);
                if (node != ByteTrie.NONE && trie.value(node) != ByteTrie.NONE) {
                    id = trie.value(node);
                    end = i + 1;
                }
            }
            if (id == ByteTrie.NONE) {
                return null;
            }
            found.add(id);
            start = end;
        }
        return found.toArray();
    }
}
