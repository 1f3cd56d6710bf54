package org.jllm.tokenizer;

import java.util.function.UnaryOperator;

/** Decoding by writing the tokens one behind the other, stripped. */
final class JoinedStyle implements JoinStyle {
    private final UnaryOperator<String> surface;
    private final boolean joinsBare;

    /** @param surface what a token is written as */
    JoinedStyle(UnaryOperator<String> surface, boolean joinsBare) {
        this.surface = surface;
        this.joinsBare = joinsBare;
    }

    /** Sentencepiece's mark of a space is a space; pieces of bytes are written by name. */
    static JoinedStyle ofPieces(boolean joinsBare) {
        return new JoinedStyle(token -> token.replace('▁', ' '), joinsBare);
    }

    @Override
    public Run start(Utf8Assembler.Invalid invalid) {
        return new Run() {
            @Override
            public void add(int id, String token, boolean special, StringBuilder text) {
                text.append(surface.apply(token));
            }

            @Override
            public void end(StringBuilder text) {}
        };
    }

    @Override
    public byte[] bytes(int id, String token) {
        return Utf8.encode(surface.apply(token));
    }

    @Override
    public boolean strips() {
        return true;
    }

    @Override
    public boolean joinsBare() {
        return joinsBare;
    }
}
