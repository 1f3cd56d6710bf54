package org.jllm.gguf.file;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An array of texts: all bytes in one row, and where each ends. */
public final class GgufTexts implements GgufArray {
    private final byte[] bytes;
    private final int[] ends;

    private GgufTexts(byte[] bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    /** The texts of a list, as UTF-8. */
    public static GgufTexts of(List<String> texts) {
        Builder builder = new Builder(texts.size());
        texts.forEach(text -> builder.add(GgufText.of(text).bytes()));
        return builder.build();
    }

    /** Gathers texts of a known number. */
    static final class Builder {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int[] ends;
        private int count;

        Builder(int size) {
            ends = new int[size];
        }

        void add(byte[] text) {
            bytes.writeBytes(text);
            ends[count++] = bytes.size();
        }

        GgufTexts build() {
            return new GgufTexts(bytes.toByteArray(), ends);
        }
    }

    @Override
    public GgufValueType elementType() {
        return GgufValueType.STRING;
    }

    @Override
    public int size() {
        return ends.length;
    }

    @Override
    public GgufText get(int index) {
        return GgufText.wrap(Arrays.copyOfRange(bytes, index == 0 ? 0 : ends[index - 1], ends[index]));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GgufTexts texts && Arrays.equals(bytes, texts.bytes) && Arrays.equals(ends, texts.ends);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(bytes), Arrays.hashCode(ends));
    }

    @Override
    public String toString() {
        return summary();
    }
}
