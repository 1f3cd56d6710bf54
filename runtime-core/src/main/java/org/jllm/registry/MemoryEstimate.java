package org.jllm.registry;

import java.util.Locale;
import java.util.Objects;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.ModelShape;
import org.jllm.generation.ContextChoice;
import org.jllm.generation.MemoryNeeds;
import org.jspecify.annotations.Nullable;

/** What a model would take, told from the numbers of the catalogue, where its files are not here. */
public final class MemoryEstimate {
    private static final long LIBRARY = 64L << 20;
    private static final int ROWS = 512;
    /** Rows of an embedding's width that live at once: a few narrow ones, and three of 2.7 times the width. */
    private static final int ROW_WIDTHS = 14;

    private static final int ENCODER_CONTEXT = 512;

    /** A type of weights. */
    public enum Type {
        FLOAT32(32, 4),
        BFLOAT16(16, 2),
        FLOAT16(16, 2),
        /** The usual quantisation of a GGUF file: 4.85 bits a number. */
        Q4_K_M(4.85, 2);

        private final double bits;
        private final int cacheBytes;

        Type(double bits, int cacheBytes) {
            this.bits = bits;
            this.cacheBytes = cacheBytes;
        }

        /** As settings and files name it. */
        public String key() {
            return this == Q4_K_M ? name() : name().toLowerCase(Locale.ROOT);
        }
    }

    private MemoryEstimate() {}

    /** Bytes of the files, where they hold that type. */
    public static long fileBytes(Entry entry, Type type) {
        return (long) (entry.size().parameters() * type.bits / 8);
    }

    /**
     * The needs of a model.
     *
     * @param asked context to count the cache for; null: that which the model gets where nothing is said
     */
    public static MemoryNeeds of(Entry entry, Type type, @Nullable Integer asked) {
        int trained = Objects.requireNonNullElse(entry.context(), 0);
        ModelShape shape = entry.shape();
        long perPosition = shape == null ? 0 : shape.cacheValuesPerPosition() * type.cacheBytes;
        int context = shape == null
                ? Math.min(trained > 0 ? trained : ENCODER_CONTEXT, asked == null ? ENCODER_CONTEXT : asked)
                : ContextChoice.of(asked, trained, trained, perPosition);
        long row = shape == null ? 0 : (long) ROW_WIDTHS * shape.width() * Float.BYTES;
        return new MemoryNeeds(
                fileBytes(entry, type), 0, context * perPosition, LIBRARY + ROWS * row, context, type.key());
    }
}
