package org.jllm.gguf.file;

/** Values of one type in a row, kept compactly: a vocabulary has hundreds of thousands. */
public sealed interface GgufArray extends GgufValue permits GgufNumbers, GgufTexts, GgufArrays {
    /** The type of each element. */
    GgufValueType elementType();

    /** How many elements there are. */
    int size();

    /** An element, from 0. */
    GgufValue get(int index);

    @Override
    default GgufValueType type() {
        return GgufValueType.ARRAY;
    }

    /** Type and size, as an error shows an array. */
    default String summary() {
        return "an array of " + size() + " " + elementType();
    }
}
