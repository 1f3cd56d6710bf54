package org.jllm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The normaliser of sentencepiece (normalizer.cc): compiled character map, spaces, the mark of a space. */
final class SentencePieceNormalizer {
    private static final byte[] SPACE_MARK = "▁".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPACE = {' '};
    private static final byte[] REPLACEMENT = Utf8.REPLACEMENT.getBytes(StandardCharsets.UTF_8);

    /** The fields of NormalizerSpec that count, and treat_whitespace_as_suffix of TrainerSpec. */
    record Spec(
            @Nullable CharsMap charsMap,
            boolean addDummyPrefix,
            boolean removeExtraWhitespaces,
            boolean escapeWhitespaces,
            boolean whitespaceAsSuffix) {
        Spec withDummyPrefix(boolean add) {
            return new Spec(charsMap, add, removeExtraWhitespaces, escapeWhitespaces, whitespaceAsSuffix);
        }
    }

    private final Spec spec;
    private final SymbolMatcher userDefined;

    /** @param userDefined symbols that stay as they are */
    SentencePieceNormalizer(Spec spec, SymbolMatcher userDefined) {
        this.spec = spec;
        this.userDefined = userDefined;
    }

    Spec spec() {
        return spec;
    }

    /** @param literal the bytes of the text that are literal */
    NormalizedText normalize(byte[] text, BitSet literal) {
        Run run = new Run(text, literal);
        run.normalize();
        return run.result;
    }

    /** One run over a text. */
    private final class Run {
        final NormalizedText result;
        private final byte[] text;
        private final BitSet literal;
        /** The normalised form of what comes next is from here… */
        private byte[] source;

        private int from;
        private int to;
        /** …and stands for this many bytes of the text. */
        private int consumed;

        Run(byte[] text, BitSet literal) {
            this.text = text;
            this.literal = literal;
            source = text;
            result = new NormalizedText(text.length + text.length / 2 + 8, !literal.isEmpty());
        }

        void normalize() {
            int position = 0;
            if (spec.removeExtraWhitespaces) {
                while (position < text.length) {
                    next(position);
                    if (to - from != 1 || source[from] != ' ') {
                        break;
                    }
                    position += consumed;
                }
            }
            if (position == text.length) {
                return;
            }
            byte[] space = spec.escapeWhitespaces ? SPACE_MARK : SPACE;
            if (!spec.whitespaceAsSuffix && spec.addDummyPrefix) {
                result.append(space, false);
            }
            boolean afterSpace = spec.removeExtraWhitespaces;
            while (position < text.length) {
                next(position);
                while (afterSpace && from < to && source[from] == ' ') {
                    from++;
                }
                if (from < to) {
                    boolean isLiteral = !literal.isEmpty() && touchesLiteral(position, position + consumed);
                    append(space, isLiteral);
                    afterSpace = source[to - 1] == ' ';
                }
                position += consumed;
                if (!spec.removeExtraWhitespaces) {
                    afterSpace = false;
                }
            }
            if (spec.removeExtraWhitespaces) {
                result.removeAtEnd(space);
            }
            if (spec.whitespaceAsSuffix && spec.addDummyPrefix) {
                result.append(space, false);
            }
        }

        private void append(byte[] space, boolean isLiteral) {
            for (int i = from; i < to; i++) {
                if (source[i] == ' ') {
                    result.append(space, isLiteral);
                } else {
                    result.append(source[i], isLiteral);
                }
            }
        }

        private void next(int position) {
            int symbol = userDefined.longestMatch(text, position, text.length, this::touchesLiteral);
            if (symbol > 0) {
                set(text, position, position + symbol, symbol);
                return;
            }
            CharsMap map = spec.charsMap;
            long match = map == null ? -1 : map.longestMatch(text, position, text.length);
            if (map != null && match >= 0) {
                int offset = (int) match;
                set(map.replacements(), offset, map.replacementEnd(offset), (int) (match >>> 32));
                return;
            }
            int length = Utf8.validLength(text, position, text.length);
            if (length == 0) {
                set(REPLACEMENT, 0, REPLACEMENT.length, 1);
            } else {
                set(text, position, position + length, length);
            }
        }

        private void set(byte[] source, int from, int to, int consumed) {
            this.source = source;
            this.from = from;
            this.to = to;
            this.consumed = consumed;
        }

        private boolean touchesLiteral(int start, int end) {
            int next = literal.nextSetBit(start);
            return next >= 0 && next < end;
        }
    }
}
