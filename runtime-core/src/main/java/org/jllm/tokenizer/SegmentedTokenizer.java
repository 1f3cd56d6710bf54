package org.jllm.tokenizer;

import java.util.OptionalInt;
import java.util.Set;
import org.jllm.tokenizer.words.Analyser;

/** A tokenizer of a model that reads words: an analyser cuts the text first. Special tokens stay as they are. */
final class SegmentedTokenizer implements Tokenizer {
    private final Tokenizer tokenizer;
    private final Analyser analyser;
    private final Cutting cutting;
    private final AddedTokenSplitter splitter;

    SegmentedTokenizer(Tokenizer tokenizer, Analyser analyser, Cutting cutting) {
        this.tokenizer = tokenizer;
        this.analyser = analyser;
        this.cutting = cutting;
        splitter = new AddedTokenSplitter(tokenizer.specialTokens().byRole().values().stream()
                .distinct()
                .map(AddedToken::special)
                .toList());
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        return tokenizer.encode(segmented(text), addSpecialTokens);
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        return tokenizer.encodePair(
                segmented(MarkedText.of(first)).text(),
                segmented(MarkedText.of(second)).text());
    }

    private MarkedText segmented(MarkedText text) {
        MarkedText.Builder result = new MarkedText.Builder(text.text().length() * 2);
        for (AddedTokenSplitter.Part part : splitter.split(text)) {
            String words = part.text().text();
            result.append(
                    part.token() != null ? words : cutting.words(words, analyser),
                    !part.text().literals().isEmpty());
        }
        return result.build();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        return tokenizer.detokenizer(skipSpecialTokens);
    }

    @Override
    public int leadingSpacesDropped() {
        return tokenizer.leadingSpacesDropped();
    }

    @Override
    public byte[] bytes(int id) {
        return tokenizer.bytes(id);
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
        try {
            analyser.close();
        } finally {
            tokenizer.close();
        }
    }
}
