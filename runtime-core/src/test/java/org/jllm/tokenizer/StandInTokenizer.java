package org.jllm.tokenizer;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** A tokenizer with an end token that tells what it is to encode. */
record StandInTokenizer(Consumer<String> encoded) implements Tokenizer {
    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        encoded.accept(text.text());
        return new int[0];
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return "";
    }

    @Override
    public byte[] bytes(int id) {
        return new byte[0];
    }

    @Override
    public String token(int id) {
        return "</s>";
    }

    @Override
    public OptionalInt id(String token) {
        return OptionalInt.empty();
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public SpecialTokens specialTokens() {
        return new SpecialTokens(OptionalInt.empty(), OptionalInt.of(0), Map.of("eos_token", "</s>"), Set.of(0));
    }
}
