package org.jllm.tokenizer;

/**
 * Decoding of GPT-NeoX Japanese: the texts of the tokens. Transformers 4.40 decodes each byte by itself, so a whole text has
 * U+FFFD for each byte of a longer character; as a stream bytes are joined.
 */
final class NeoxJapaneseStyle implements JoinStyle {
    private final NeoxJapaneseVocabulary words;

    NeoxJapaneseStyle(NeoxJapaneseVocabulary words) {
        this.words = words;
    }

    @Override
    public Run start(Utf8Assembler.Invalid invalid) {
        return new Run() {
            private final Utf8Assembler characters = new Utf8Assembler(invalid);
            private final boolean joins = invalid == Utf8Assembler.Invalid.DROP;

            @Override
            public void add(int id, String token, boolean special, StringBuilder text) {
                if (isByte(id)) {
                    characters.add(bytes(id, token), text);
                    if (joins) {
                        return;
                    }
                }
                characters.end(text);
                text.append(isByte(id) ? "" : token);
            }

            @Override
            public void end(StringBuilder text) {
                characters.end(text);
            }
        };
    }

    private boolean isByte(int id) {
        return id < words.words.size() && words.byteValue(id) >= 0;
    }

    @Override
    public byte[] bytes(int id, String token) {
        return isByte(id) ? new byte[] {(byte) words.byteValue(id)} : Utf8.encode(token);
    }

    @Override
    public boolean strips() {
        return true;
    }
}
