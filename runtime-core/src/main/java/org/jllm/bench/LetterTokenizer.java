package org.jllm.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.SpecialTokens;
import org.jllm.tokenizer.Tokenizer;

/** One letter for each token, for models whose texts do not matter. It has no special tokens. */
record LetterTokenizer(int size) implements Tokenizer {
    private static final int LETTERS = 26;

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        throw new UnsupportedOperationException("a text has no tokens of its own here");
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        throw new UnsupportedOperationException("a text has no tokens of its own here");
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(letter(id));
        }
        return text.toString();
    }

    @Override
    public byte[] bytes(int id) {
        return token(id).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int leadingSpacesDropped() {
        return 0;
    }

    @Override
    public String token(int id) {
        return String.valueOf(letter(id));
    }

    @Override
    public OptionalInt id(String token) {
        return OptionalInt.empty();
    }

    @Override
    public SpecialTokens specialTokens() {
        return new SpecialTokens(OptionalInt.empty(), OptionalInt.empty(), Map.of(), Set.of());
    }

    private static char letter(int id) {
        return (char) ('a' + id % LETTERS);
    }
}
