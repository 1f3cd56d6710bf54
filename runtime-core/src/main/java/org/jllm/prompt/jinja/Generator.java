package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What filters such as {@code map} and {@code select} give: true, without length, and empty after its first use. */
final class Generator {
    private final Iterator<Object> elements;

    Generator(List<Object> elements) {
        this.elements = elements.iterator();
    }

    boolean hasNext() {
        return elements.hasNext();
    }

    Object next() {
        return elements.next();
    }

    List<Object> rest() {
        List<Object> rest = new ArrayList<>();
        elements.forEachRemaining(rest::add);
        return rest;
    }
}
