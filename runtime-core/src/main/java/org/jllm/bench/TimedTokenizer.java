package org.jllm.bench;

import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jllm.tokenizer.Detokenizer;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.SpecialTokens;
import org.jllm.tokenizer.Tokenizer;

/**
 * A tokenizer that tells a clock when it turns a token into text.
 *
 * @param clock of the texts that begin now
 */
record TimedTokenizer(Tokenizer tokenizer, Supplier<StepClock> clock) implements Tokenizer {
    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        Detokenizer detokenizer = tokenizer.detokenizer(skipSpecialTokens);
        StepClock current = clock.get();
        return new Detokenizer() {
            @Override
            public String next(int id) {
                current.enter(StepPart.DECODING);
                String text = detokenizer.next(id);
                current.enter(StepPart.TEXT);
                return text;
            }

            @Override
            public String finish() {
                return detokenizer.finish();
            }
        };
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
