package org.jllm.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/** Does what another tokenizer does, but for what a subclass does otherwise; closes it, too. As thread-safe as that one. */
public abstract class ForwardingTokenizer implements Tokenizer {
    private final Tokenizer tokenizer;

    protected ForwardingTokenizer(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        return tokenizer.detokenizer(skipSpecialTokens);
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        return tokenizer.encode(text, addSpecialTokens);
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        return tokenizer.encodePair(first, second);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    @Override
    public byte[] bytes(int id) {
        return tokenizer.bytes(id);
    }

    @Override
    public int leadingSpacesDropped() {
        return tokenizer.leadingSpacesDropped();
    }

    @Override
    public String token(int id) {
        return tokenizer.token(id);
    }

    @Override
    public OptionalInt id(String token) {
        return tokenizer.id(token);
    }

    @Override
    public int size() {
        return tokenizer.size();
    }

    @Override
    public int vocabularySize() {
        return tokenizer.vocabularySize();
    }

    @Override
    public int length() {
        return tokenizer.length();
    }

    @Override
    public SpecialTokens specialTokens() {
        return tokenizer.specialTokens();
    }

    @Override
    public Set<Integer> endIds() {
        return tokenizer.endIds();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
