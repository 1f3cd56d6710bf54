package org.jllm.prompt.jinja;

import java.util.List;
import java.util.Map;

/** The arguments of a call. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    int size() {
        return positional.size();
    }

    Arguments skip(int count) {
        return new Arguments(positional.subList(Math.min(count, size()), size()), named);
    }

    /** Refuses arguments that are none of these parameters. */
    Arguments allow(String function, String... parameters) {
        List<String> known = List.of(parameters);
        if (size() > known.size()) {
            throw JinjaException.runtime(function + " takes at most " + known.size() + " arguments, not " + size());
        }
        for (String name : named.keySet()) {
            int index = known.indexOf(name);
            if (index < 0 || index < size()) {
                throw JinjaException.runtime(function + " got an unexpected argument '" + name + "'");
            }
        }
        return this;
    }

    boolean has(int index, String name) {
        return index < size() || named.containsKey(name);
    }

    Object get(int index, String name, Object otherwise) {
        return index < size() ? positional.get(index) : named.getOrDefault(name, otherwise);
    }

    Object get(int index, String name) {
        if (!has(index, name)) {
            throw JinjaException.runtime("the argument '" + name + "' is missing");
        }
        return get(index, name, None.NONE);
    }

    Text text(int index, String name) {
        return Values.asText(get(index, name));
    }

    long integer(int index, String name, long otherwise) {
        return Values.asInteger(get(index, name, otherwise));
    }
}
