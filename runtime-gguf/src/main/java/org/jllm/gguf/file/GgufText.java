package org.jllm.gguf.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A text as the file has it: bytes that should be UTF-8, but need not, as a token may be a part of a character. */
public final class GgufText implements GgufValue {
    private final byte[] bytes;

    private GgufText(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The UTF-8 of a text. */
    public static GgufText of(String text) {
        return new GgufText(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Any bytes. */
    public static GgufText of(byte[] bytes) {
        return new GgufText(bytes.clone());
    }

    static GgufText wrap(byte[] bytes) {
        return new GgufText(bytes);
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    int length() {
        return bytes.length;
    }

    /** The text, if the bytes are UTF-8. */
    public Optional<String> decoded() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public GgufValueType type() {
        return GgufValueType.STRING;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GgufText text && Arrays.equals(bytes, text.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text, with U+FFFD for what is not UTF-8. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
