package org.jllm.tokenizer;

/** ModelProto.SentencePiece.Type of sentencepiece. */
enum PieceType {
    NORMAL(1),
    UNKNOWN(2),
    CONTROL(3),
    USER_DEFINED(4),
    UNUSED(5),
    BYTE(6);

    private static final PieceType[] ALL = values();

    private final int number;

    PieceType(int number) {
        this.number = number;
    }

    /** The type of a number in the file; an unknown one counts as {@link #NORMAL}, as in protocol buffers. */
    static PieceType of(int number) {
        for (PieceType type : ALL) {
            if (type.number == number) {
                return type;
            }
        }
        return NORMAL;
    }

    /** Whether pieces of this type take part in the segmentation by their text. */
    boolean isText() {
        return this == NORMAL || this == USER_DEFINED || this == UNUSED;
    }
}
