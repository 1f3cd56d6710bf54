package org.jllm.tokenizer;

/**
 * Decodes the pieces of one text in their order, as {@code SentencePieceProcessor::Decode} does: it drops the mark of
 * the dummy prefix, and control pieces.
 */
final class PieceDecoder {
    private static final String SPACE_MARK = "▁";

    private final Vocabulary vocabulary;
    private final String unknownSurface;
    private final boolean dropsFirstSpace;
    private final boolean dropsAllSpaces;
    private boolean atStart = true;
    private boolean droppedSpace;
    private boolean empty = true;

    PieceDecoder(Vocabulary vocabulary, SentencePieceNormalizer.Spec spec, String unknownSurface) {
        this.vocabulary = vocabulary;
        this.unknownSurface = unknownSurface;
        dropsFirstSpace = spec.addDummyPrefix() || spec.removeExtraWhitespaces();
        dropsAllSpaces = spec.removeExtraWhitespaces();
    }

    /** The bytes that a piece, which need not be in the vocabulary, adds. */
    byte[] next(String piece) {
        int id = vocabulary.id(piece);
        int value = vocabulary.byteValue(id);
        if (value >= 0) {
            empty = false;
            return new byte[] {(byte) value};
        }
        atStart = atStart && !droppedSpace && empty;
        droppedSpace = false;
        String surface;
        if (vocabulary.type(id) == PieceType.CONTROL) {
            surface = "";
        } else if (id == vocabulary.unknownId) {
            surface = piece.equals(vocabulary.piece(id)) ? unknownSurface : piece;
        } else {
            String rest = piece;
            if (atStart && dropsFirstSpace && piece.startsWith(SPACE_MARK)) {
                rest = piece.substring(1);
                droppedSpace = !dropsAllSpaces;
            }
            surface = rest.replace(SPACE_MARK, " ");
        }
        empty &= surface.isEmpty();
        return Utf8.encode(surface);
    }
}
