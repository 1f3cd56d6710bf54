package org.jllm.tokenizer;

import org.jllm.tokenizer.words.Analyser;

/** A tokenizer of a model that reads words: an analyser cuts the text first. Special tokens stay as they are. */
final class SegmentedTokenizer extends ForwardingTokenizer {
    private final Analyser analyser;
    private final Cutting cutting;
    private final AddedTokenSplitter splitter;

    SegmentedTokenizer(Tokenizer tokenizer, Analyser analyser, Cutting cutting) {
        super(tokenizer);
        this.analyser = analyser;
        this.cutting = cutting;
        splitter = new AddedTokenSplitter(tokenizer.specialTokens().byRole().values().stream()
                .distinct()
                .map(AddedToken::special)
                .toList());
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        return super.encode(segmented(text), addSpecialTokens);
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        return super.encodePair(
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
    public void close() {
        try {
            analyser.close();
        } finally {
            super.close();
        }
    }
}
