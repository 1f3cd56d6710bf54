package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Decoding by the sentencepiece model, special tokens apart from it. */
final class SentencePieceStyle implements JoinStyle {
    private static final String SPACE_MARK = "▁";

    /** Where a space is put at special tokens, if they are not skipped. */
    enum Spaces {
        NONE,
        /** Special tokens are pieces like others. */
        AS_PIECES,
        /** Before the text that precedes a special token, unless another one does. */
        BEFORE,
        /** {@code LlamaTokenizer} with {@code legacy}: as {@link #BEFORE}, but not at the beginning. */
        LLAMA_LEGACY,
        /** {@code LlamaTokenizer} without {@code legacy}. */
        LLAMA
    }

    private final SentencePieceModel model;
    private final Spaces spaces;
    private final boolean prefixSpace;
    private final boolean strips;

    /**
     * @param prefixSpace whether the mark of a space at the beginning is taken off, since it was added
     * @param strips whether white space around the text is
     */
    SentencePieceStyle(SentencePieceModel model, Spaces spaces, boolean prefixSpace, boolean strips) {
        this.model = model;
        this.spaces = spaces;
        this.prefixSpace = prefixSpace;
        this.strips = strips;
    }

    @Override
    public byte[] bytes(int id, String token) {
        return model.bytes(model.id(token));
    }

    @Override
    public boolean strips() {
        return strips;
    }

    @Override
    public int leadingSpacesDropped() {
        int ofModel = strips ? Integer.MAX_VALUE : model.leadingSpacesDropped();
        return ofModel == Integer.MAX_VALUE || !prefixSpace ? ofModel : ofModel + 1;
    }

    @Override
    public Utf8Assembler.Invalid invalid() {
        return Utf8Assembler.Invalid.REPLACE_EACH;
    }

    @Override
    public Run start(Utf8Assembler.Invalid invalid) {
        return new PieceRun(invalid);
    }

    private final class PieceRun implements Run {
        private final Utf8Assembler characters;
        /** The text before a special token is known only when that token is: without special tokens it need not wait. */
        private final boolean waits;

        private final StringBuilder segment = new StringBuilder();
        private final List<String> pieces = new ArrayList<>();
        private PieceDecoder decoder = model.decoder();
        private int index;
        private boolean afterSpecial;

        PieceRun(Utf8Assembler.Invalid invalid) {
            characters = new Utf8Assembler(invalid);
            waits = invalid != Utf8Assembler.Invalid.DROP;
        }

        @Override
        public void add(int id, String name, boolean special, StringBuilder text) {
            String token = index == 0 && prefixSpace && name.startsWith(SPACE_MARK)
                    ? name.substring(SPACE_MARK.length())
                    : name;
            if (special && spaces != Spaces.AS_PIECES) {
                text.append(spaceBefore() ? " " : "");
                endSegment(text);
                text.append(token);
                afterSpecial = true;
            } else {
                boolean spaced = spaces == Spaces.LLAMA_LEGACY || spaces == Spaces.LLAMA;
                if (spaced && afterSpecial && index == 1 && prefixSpace && !token.startsWith(SPACE_MARK)) {
                    text.append(' ');
                }
                afterSpecial = false;
                addPiece(token);
                if (!waits) {
                    text.append(segment);
                    segment.setLength(0);
                }
            }
            index++;
        }

        private boolean spaceBefore() {
            return !afterSpecial && (spaces == Spaces.BEFORE || (spaces == Spaces.LLAMA_LEGACY && index > 0));
        }

        private void addPiece(String piece) {
            if (model.denormalizes()) {
                pieces.add(piece);
                return;
            }
            byte[] bytes = decoder.next(piece);
            if (!model.isByte(piece)) {
                characters.end(segment);
            }
            characters.add(bytes, segment);
        }

        private void endSegment(StringBuilder text) {
            characters.end(segment);
            if (!pieces.isEmpty()) {
                segment.append(model.decode(pieces));
                pieces.clear();
            }
            text.append(segment);
            segment.setLength(0);
            decoder = model.decoder();
        }

        @Override
        public void end(StringBuilder text) {
            endSegment(text);
        }
    }
}
