package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a {@code call} block, with the variables of the place where it was defined. */
record Macro(Interpreter in, Statement.Signature signature, List<Statement> body, Scope definition)
        implements Function {
    String name() {
        return signature.name();
    }

    @Override
    public Object call(Arguments arguments) {
        Scope scope = new Scope(definition);
        List<String> parameters = signature.parameters();
        int firstDefault = parameters.size() - signature.defaults().size();
        Map<Object, Object> named = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : arguments.named().entrySet()) {
            int index = parameters.indexOf(entry.getKey());
            if (index >= 0 && index < arguments.size()) {
                throw JinjaException.runtime(
                        "macro '" + name() + "' got several values for argument '" + entry.getKey() + "'");
            } else if (index < 0) {
                named.put(Text.of(entry.getKey()), entry.getValue());
            }
        }
        Object caller = named.remove(Text.of("caller"));
        scope.set("caller", caller != null ? caller : new Undefined("No caller defined"));
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Object value;
            if (arguments.has(i, parameter)) {
                value = arguments.get(i, parameter);
            } else if (i >= firstDefault) {
                value = in.evaluate(signature.defaults().get(i - firstDefault), scope);
            } else {
                value = new Undefined("parameter '" + parameter + "' was not provided");
            }
            scope.set(parameter, value);
        }
        List<Object> more = new ArrayList<>(arguments.skip(parameters.size()).positional());
        if (!more.isEmpty() && !in.usesName(body, "varargs")) {
            throw JinjaException.runtime(
                    "macro '" + name() + "' takes not more than " + parameters.size() + " argument(s)");
        } else if (!named.isEmpty() && !in.usesName(body, "kwargs")) {
            throw JinjaException.runtime("macro '" + name() + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
        scope.set("varargs", Sequence.tuple(more));
        scope.set("kwargs", named);
        return in.block(body, scope);
    }

    // A macro is equal to itself only; the components may hold each other.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "<Macro '" + name() + "'>";
    }
}
