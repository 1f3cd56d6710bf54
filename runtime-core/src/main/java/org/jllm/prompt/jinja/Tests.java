package org.jllm.prompt.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Jinja's tests. */
final class Tests {
    /** A test: the value before {@code is}, and the arguments. */
    interface Test {
        boolean passes(Interpreter in, Object value, Arguments arguments);
    }

    static final Map<String, Test> NAMES = tests();

    private Tests() {}

    private static Map<String, Test> tests() {
        Map<String, Test> tests = new HashMap<>();
        plain(tests, "defined", value -> !(value instanceof Undefined));
        plain(tests, "undefined", value -> value instanceof Undefined);
        plain(tests, "none", value -> value instanceof None);
        plain(tests, "string", value -> value instanceof Text);
        plain(tests, "number", value -> Values.number(value) != null);
        plain(tests, "integer", value -> value instanceof Long);
        plain(tests, "float", value -> value instanceof Double);
        plain(tests, "boolean", value -> value instanceof Boolean);
        plain(tests, "true", value -> value.equals(true));
        plain(tests, "false", value -> value.equals(false));
        plain(tests, "mapping", value -> value instanceof Map);
        plain(
                tests,
                "sequence",
                value -> value instanceof List
                        || value instanceof Text
                        || value instanceof Map
                        || value instanceof Undefined);
        plain(
                tests,
                "iterable",
                value -> value instanceof List
                        || value instanceof Text
                        || value instanceof Map
                        || value instanceof View
                        || value instanceof Generator
                        || value instanceof Undefined);
        plain(tests, "callable", value -> value instanceof Function);
        plain(tests, "lower", value -> isCase(value, true));
        plain(tests, "upper", value -> isCase(value, false));
        plain(tests, "escaped", value -> false);
        tests.put("odd", (in, value, arguments) -> rest(in, value, 2L).equals(1L));
        tests.put("even", (in, value, arguments) -> rest(in, value, 2L).equals(0L));
        tests.put(
                "divisibleby",
                (in, value, arguments) ->
                        rest(in, value, arguments.get(0, "num")).equals(0L));
        tests.put("sameas", (in, value, arguments) -> {
            Object other = arguments.get(0, "other");
            return value == other
                    || (value.getClass() == other.getClass()
                            && !(value instanceof List)
                            && !(value instanceof Map)
                            && value.equals(other));
        });
        tests.put("filter", (in, value, arguments) -> Filters.NAMES.containsKey(value.toString()));
        tests.put("test", (in, value, arguments) -> NAMES.containsKey(value.toString()));
        Map.of(
                        "==", List.of("eq", "equalto"),
                        "!=", List.of("ne"),
                        "<", List.of("lt", "lessthan"),
                        "<=", List.of("le"),
                        ">", List.of("gt", "greaterthan"),
                        ">=", List.of("ge"),
                        "in", List.<String>of())
                .forEach((operator, names) -> {
                    Test test =
                            (in, value, arguments) -> in.values().compare(operator, value, arguments.get(0, "other"));
                    tests.put(operator, test);
                    names.forEach(name -> tests.put(name, test));
                });
        return tests;
    }

    private static void plain(Map<String, Test> tests, String name, Predicate<Object> test) {
        tests.put(name, (in, value, arguments) -> test.test(value));
    }

    private static Object rest(Interpreter in, Object value, Object divisor) {
        return in.arithmetic().binary("%", value, divisor);
    }

    private static boolean isCase(Object value, boolean lower) {
        String text = value.toString();
        return text.codePoints().anyMatch(lower ? Character::isLowerCase : Character::isUpperCase)
                && text.codePoints().noneMatch(lower ? Character::isUpperCase : Character::isLowerCase);
    }
}
