package org.jllm.tokenizer;

import java.util.Arrays;
import java.util.BitSet;

/** The models of sentencepiece that only look up: whole words or characters (word_model.cc, char_model.cc). */
final class PlainSegmenter implements Segmenter {
    private static final byte[] SPACE_MARK = Utf8.encode("▁");

    private final Vocabulary vocabulary;
    private final SymbolMatcher userDefined;
    private final boolean words;

    PlainSegmenter(Vocabulary vocabulary, SymbolMatcher userDefined, boolean words) {
        this.vocabulary = vocabulary;
        this.userDefined = userDefined;
        this.words = words;
    }

    @Override
    public Segmentation segment(NormalizedText text, BitSet notInLiteral) {
        Segmentation result = new Segmentation(text.length() / 3 + 1);
        for (int start = 0; start < text.length(); ) {
            int end = words ? wordEnd(text, start) : symbolEnd(text, start);
            int id = vocabulary.id(Utf8.decode(text.bytes(), start, end));
            boolean barred = notInLiteral.get(id) && text.touchesLiteral(start, end);
            result.add(end, barred ? vocabulary.unknownId : id);
            start = end;
        }
        return result;
    }

    private int symbolEnd(NormalizedText text, int start) {
        int symbol = userDefined.longestMatch(text.bytes(), start, text.length(), text::touchesLiteral);
        return symbol > 0 ? start + symbol : characterEnd(text, start);
    }

    private static int characterEnd(NormalizedText text, int start) {
        return Math.min(text.length(), start + Utf8.announcedLength(text.bytes()[start]));
    }

    private static int wordEnd(NormalizedText text, int start) {
        int end = characterEnd(text, start);
        while (end < text.length() && !isSpaceMark(text, end)) {
            end = characterEnd(text, end);
        }
        return end;
    }

    private static boolean isSpaceMark(NormalizedText text, int at) {
        return text.length() - at >= SPACE_MARK.length
                && Arrays.equals(text.bytes(), at, at + SPACE_MARK.length, SPACE_MARK, 0, SPACE_MARK.length);
    }
}
