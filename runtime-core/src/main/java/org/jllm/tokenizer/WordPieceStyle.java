package org.jllm.tokenizer;

/** Decoding of WordPiece: spaces between tokens, but not before those that continue a word. */
final class WordPieceStyle implements JoinStyle {
    static final String CONTINUATION = "##";

    @Override
    public Run start(Utf8Assembler.Invalid invalid) {
        return new Run() {
            private boolean atStart = true;

            @Override
            public void add(int id, String token, boolean special, StringBuilder text) {
                if (!atStart && token.startsWith(CONTINUATION)) {
                    text.append(token, CONTINUATION.length(), token.length());
                } else {
                    text.append(atStart ? "" : " ").append(token);
                }
                atStart = false;
            }

            @Override
            public void end(StringBuilder text) {}
        };
    }

    @Override
    public byte[] bytes(int id, String token) {
        return Utf8.encode(token.startsWith(CONTINUATION) ? token.substring(CONTINUATION.length()) : " " + token);
    }

    @Override
    public boolean strips() {
        return true;
    }
}
