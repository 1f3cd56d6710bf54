package org.jllm.gguf.file;

import java.util.List;

/** An array of arrays. The format has them; llama.cpp reads no file with one. */
public record GgufArrays(List<GgufArray> elements) implements GgufArray {
    public GgufArrays {
        elements = List.copyOf(elements);
    }

    @Override
    public GgufValueType elementType() {
        return GgufValueType.ARRAY;
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public GgufArray get(int index) {
        return elements.get(index);
    }

    @Override
    public String toString() {
        return summary();
    }
}
