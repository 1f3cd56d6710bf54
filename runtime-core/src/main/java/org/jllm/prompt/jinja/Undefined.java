package org.jllm.prompt.jinja;

import org.jspecify.annotations.Nullable;

/** A name that has no value: empty when printed or iterated, an error in all other uses. */
record Undefined(String message) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object target, Object name) {
        String type = target instanceof None ? "None" : Values.type(target) + " object";
        return new Undefined("'" + type + "' has no attribute '" + name + "'");
    }

    JinjaException error() {
        return JinjaException.runtime(message);
    }

    // Like in Python, all of them are equal.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
