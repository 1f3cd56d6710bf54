package org.jllm.prompt.jinja;

import java.util.AbstractList;
import java.util.List;

/** Python's list, tuple or range: immutable, as the sandbox wants it. */
final class Sequence extends AbstractList<Object> {
    enum Type {
        LIST,
        TUPLE,
        RANGE
    }

    private final Type type;
    private final List<Object> elements;

    private Sequence(Type type, List<Object> elements) {
        this.type = type;
        this.elements = elements;
    }

    static Sequence list(List<Object> elements) {
        return new Sequence(Type.LIST, elements);
    }

    static Sequence tuple(List<Object> elements) {
        return new Sequence(Type.TUPLE, elements);
    }

    static Sequence range(List<Object> elements) {
        return new Sequence(Type.RANGE, elements);
    }

    Type type() {
        return type;
    }

    Sequence with(List<Object> others) {
        return new Sequence(type, others);
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
