package org.jllm.tokenizer;

import java.util.function.IntFunction;

/** Decoding of tokens that are bytes. */
final class BytesStyle implements JoinStyle {
    private final IntFunction<byte[]> bytes;

    /** @param bytes of each id */
    BytesStyle(IntFunction<byte[]> bytes) {
        this.bytes = bytes;
    }

    @Override
    public Run start(Utf8Assembler.Invalid invalid) {
        Utf8Assembler characters = new Utf8Assembler(invalid);
        return new Run() {
            @Override
            public void add(int id, String token, boolean special, StringBuilder text) {
                characters.add(bytes.apply(id), text);
            }

            @Override
            public void end(StringBuilder text) {
                characters.end(text);
            }
        };
    }

    @Override
    public byte[] bytes(int id, String token) {
        return bytes.apply(id);
    }

    @Override
    public boolean strips() {
        return false;
    }
}
