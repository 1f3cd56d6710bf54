package org.jllm.prompt.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {
    private static final int MOST_RANGE = 100_000;

    private Globals() {}

    static Map<String, Function> functions(Interpreter in, Clock clock) {
        Map<String, Function> functions = new HashMap<>();
        functions.put("range", arguments -> range(in, arguments));
        functions.put("dict", arguments -> dictionary(in, arguments));
        functions.put("namespace", arguments -> {
            Map<String, Object> attributes = new LinkedHashMap<>();
            dictionary(in, arguments).forEach((key, value) -> attributes.put(key.toString(), value));
            return new Namespace(attributes);
        });
        functions.put("raise_exception", arguments -> {
            throw new JinjaException(
                    JinjaException.Kind.RAISED,
                    in.print(arguments.get(0, "message")).toString());
        });
        functions.put(
                "strftime_now",
                arguments ->
                        Text.of(Strftime.format(arguments.text(0, "format").toString(), ZonedDateTime.now(clock))));
        functions.put("joiner", arguments -> {
            Object separator = arguments.get(0, "sep", Text.of(", "));
            boolean[] used = new boolean[1];
            return (Function) none -> {
                Object result = used[0] ? separator : Text.EMPTY;
                used[0] = true;
                return result;
            };
        });
        functions.put("cycler", arguments -> cycler(arguments.positional()));
        return functions;
    }

    private static Object range(Interpreter in, Arguments arguments) {
        boolean single = arguments.size() == 1;
        long start = single ? 0 : arguments.integer(0, "start", 0);
        long stop = Values.asInteger(arguments.get(single ? 0 : 1, "stop"));
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw JinjaException.runtime("range() arg 3 must not be zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() == MOST_RANGE) {
                throw JinjaException.limit("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
            }
            in.budget().step();
            numbers.add(i);
            if (Math.abs(step) > Long.MAX_VALUE / 2 - Math.abs(i / 2)) {
                break;
            }
        }
        return Sequence.range(numbers);
    }

    private static Map<Object, Object> dictionary(Interpreter in, Arguments arguments) {
        Map<Object, Object> dictionary = new LinkedHashMap<>();
        if (arguments.size() > 0) {
            Object source = arguments.positional().get(0);
            if (source instanceof Map<?, ?> map) {
                dictionary.putAll(map);
            } else {
                for (Object pair : in.values().iterate(Values.defined(source))) {
                    List<Object> both = in.values().iterate(pair);
                    if (both.size() != 2) {
                        throw JinjaException.runtime("dict() needs pairs");
                    }
                    dictionary.put(Values.key(both.get(0)), both.get(1));
                }
            }
        }
        arguments.named().forEach((name, value) -> dictionary.put(Text.of(name), value));
        return dictionary;
    }

    private static Namespace cycler(List<Object> items) {
        if (items.isEmpty()) {
            throw JinjaException.runtime("at least one item has to be provided");
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        int[] position = new int[1];
        attributes.put("current", items.get(0));
        attributes.put("next", (Function) arguments -> {
            Object current = items.get(position[0]);
            position[0] = (position[0] + 1) % items.size();
            attributes.put("current", items.get(position[0]));
            return current;
        });
        attributes.put("reset", (Function) arguments -> {
            position[0] = 0;
            attributes.put("current", items.get(0));
            return None.NONE;
        });
        return new Namespace(attributes);
    }
}
