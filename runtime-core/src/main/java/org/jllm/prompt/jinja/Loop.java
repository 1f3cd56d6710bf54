package org.jllm.prompt.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. */
final class Loop implements Function {
    private final Interpreter in;
    private final List<Object> elements;
    private final int depth;
    private final @Nullable Function recursion;
    private int index;
    private @Nullable Object last;

    Loop(Interpreter in, List<Object> elements, int depth, @Nullable Function recursion) {
        this.in = in;
        this.elements = elements;
        this.depth = depth;
        this.recursion = recursion;
    }

    void moveTo(int position) {
        index = position;
    }

    @Nullable
    Object attribute(String name) {
        int size = elements.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) (size - index);
            case "revindex0" -> size - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> (long) size;
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index > 0 ? elements.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index < size - 1 ? elements.get(index + 1) : new Undefined("there is no next item");
            case "cycle" -> (Function) this::cycle;
            case "changed" -> (Function) this::changed;
            default -> null;
        };
    }

    private Object cycle(Arguments arguments) {
        if (arguments.size() == 0) {
            throw JinjaException.runtime("no items for cycling given");
        }
        return arguments.positional().get(index % arguments.size());
    }

    private Object changed(Arguments arguments) {
        Object value = Sequence.tuple(arguments.positional());
        boolean changed = last == null || !in.values().equal(last, value);
        last = value;
        return changed;
    }

    @Override
    public Object call(Arguments arguments) {
        if (recursion == null) {
            throw JinjaException.runtime("The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.call(arguments);
    }
}
