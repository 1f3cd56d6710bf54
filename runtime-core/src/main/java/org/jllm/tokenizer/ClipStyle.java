package org.jllm.tokenizer;

/** Decoding of CLIP: the bytes of the tokens, the marks of word ends as spaces. */
final class ClipStyle implements JoinStyle {
    private static final String WORD_END = "</w>";

    @Override
    public Run start(Utf8Assembler.Invalid invalid) {
        return new Run() {
            private final Utf8Assembler characters = new Utf8Assembler(invalid);
            /** What may be the beginning of a mark that later tokens complete. */
            private final StringBuilder held = new StringBuilder();

            @Override
            public void add(int id, String token, boolean special, StringBuilder text) {
                characters.add(ByteAlphabet.bytes(token), held);
                replaceWordEnds(held);
                int safe = held.length() - beginningOfWordEnd(held);
                text.append(held, 0, safe);
                held.delete(0, safe);
            }

            @Override
            public void end(StringBuilder text) {
                characters.end(held);
                text.append(held);
                held.setLength(0);
            }
        };
    }

    private static void replaceWordEnds(StringBuilder text) {
        for (int at = text.indexOf(WORD_END); at >= 0; at = text.indexOf(WORD_END, at)) {
            text.replace(at, at + WORD_END.length(), " ");
        }
    }

    private static int beginningOfWordEnd(StringBuilder text) {
        for (int length = WORD_END.length() - 1; length > 0; length--) {
            if (text.length() >= length && WORD_END.startsWith(text.substring(text.length() - length))) {
                return length;
            }
        }
        return 0;
    }

    @Override
    public byte[] bytes(int id, String token) {
        return token.endsWith(WORD_END)
                ? ByteAlphabet.bytes(token.substring(0, token.length() - WORD_END.length()) + "Ġ")
                : ByteAlphabet.bytes(token);
    }

    @Override
    public boolean strips() {
        return true;
    }
}
