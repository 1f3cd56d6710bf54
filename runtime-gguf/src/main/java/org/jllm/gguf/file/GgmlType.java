package org.jllm.gguf.file;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the numbers of a tensor are stored: in blocks of so many elements that take so many bytes. Source: {@code enum
 * ggml_type} in llama.cpp's {@code ggml.h} and the block structs of its {@code ggml-common.h}, release v0.4.0.
 */
public enum GgmlType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18),
    Q2_0(42, 64, 18);

    /** Types that files had once and that llama.cpp has given up. */
    private static final Set<Integer> REMOVED = Set.of(4, 5, 31, 32, 33, 36, 37, 38);

    private static final Map<Integer, GgmlType> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(GgmlType::id, Function.identity()));

    private final int id;
    private final int blockElements;
    private final int blockBytes;

    GgmlType(int id, int blockElements, int blockBytes) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The type of a number in a file, if this release has it. */
    public static Optional<GgmlType> of(int id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    static boolean wasRemoved(int id) {
        return REMOVED.contains(id);
    }

    /** The number that stands for the type in files. */
    public int id() {
        return id;
    }

    /** Elements of a block; the first dimension of a tensor is a multiple of it. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes of a tensor.
     *
     * @param dimensions elements by dimension, the contiguous one first, each at least 1; empty for a single number
     * @throws IllegalArgumentException if the first is no multiple of {@link #blockElements}
     * @throws ArithmeticException if elements or bytes are more than a {@code long} counts
     */
    public long byteLength(List<Long> dimensions) {
        long row = dimensions.isEmpty() ? 1 : dimensions.get(0);
        if (row % blockElements != 0) {
            throw new IllegalArgumentException(
                    "rows of " + row + " elements, but " + this + " needs a multiple of " + blockElements);
        }
        return Math.multiplyExact(elements(dimensions) / blockElements, (long) blockBytes);
    }

    static long elements(List<Long> dimensions) {
        return dimensions.stream().reduce(1L, Math::multiplyExact);
    }
}
