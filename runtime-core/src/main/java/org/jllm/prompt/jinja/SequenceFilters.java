package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Jinja's filters of sequences and dictionaries. */
final class SequenceFilters {
    private SequenceFilters() {}

    static Map<String, Filters.Filter> filters() {
        Map<String, Filters.Filter> filters = new TreeMap<>();
        filters.put("length", (in, value, arguments) -> in.values().length(value));
        filters.put("count", (in, value, arguments) -> in.values().length(value));
        filters.put(
                "list",
                (in, value, arguments) ->
                        Sequence.list(new ArrayList<>(in.values().iterate(value))));
        filters.put("first", SequenceFilters::first);
        filters.put("last", SequenceFilters::last);
        filters.put("join", SequenceFilters::join);
        filters.put("reverse", SequenceFilters::reverse);
        filters.put("map", SequenceFilters::map);
        filters.put("select", (in, value, arguments) -> pick(in, value, arguments, false, true));
        filters.put("reject", (in, value, arguments) -> pick(in, value, arguments, false, false));
        filters.put("selectattr", (in, value, arguments) -> pick(in, value, arguments, true, true));
        filters.put("rejectattr", (in, value, arguments) -> pick(in, value, arguments, true, false));
        filters.put("sort", SequenceFilters::sort);
        filters.put("unique", SequenceFilters::unique);
        filters.put("min", (in, value, arguments) -> extreme(in, value, arguments, -1));
        filters.put("max", (in, value, arguments) -> extreme(in, value, arguments, 1));
        filters.put("sum", SequenceFilters::sum);
        filters.put("items", SequenceFilters::items);
        filters.put("dictsort", SequenceFilters::dictSort);
        filters.put("groupby", SequenceFilters::groupBy);
        filters.put("batch", SequenceFilters::batch);
        return filters;
    }

    private static Object first(Interpreter in, Object value, Arguments arguments) {
        if (value instanceof Generator generator && generator.hasNext()) {
            return generator.next();
        }
        List<Object> elements = in.values().iterate(value);
        return elements.isEmpty() ? new Undefined("No first item, sequence was empty.") : elements.get(0);
    }

    private static Object last(Interpreter in, Object value, Arguments arguments) {
        if (value instanceof Generator) {
            throw JinjaException.runtime("'generator' object is not reversible");
        }
        List<Object> elements = in.values().iterate(value);
        return elements.isEmpty()
                ? new Undefined("No last item, sequence was empty.")
                : elements.get(elements.size() - 1);
    }

    private static Object join(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("join", "d", "attribute");
        UnaryOperator<Object> getter = getter(in, arguments.get(1, "attribute", None.NONE));
        List<Object> parts = new ArrayList<>();
        in.values().iterate(value).forEach(part -> parts.add(in.print(getter.apply(part))));
        return in.strings().join(in.print(arguments.get(0, "d", Text.EMPTY)), parts);
    }

    private static Object reverse(Interpreter in, Object value, Arguments arguments) {
        if (value instanceof Generator) {
            throw JinjaException.runtime("argument must be iterable");
        }
        List<Object> elements = new ArrayList<>(in.values().iterate(value));
        Collections.reverse(elements);
        return value instanceof Text ? in.strings().join(Text.EMPTY, elements) : new Generator(elements);
    }

    private static Object map(Interpreter in, Object value, Arguments arguments) {
        UnaryOperator<Object> change;
        if (arguments.size() == 0 && arguments.named().containsKey("attribute")) {
            Object otherwise = arguments.get(1, "default", None.NONE);
            UnaryOperator<Object> getter = getter(in, arguments.get(0, "attribute"));
            change = element -> {
                Object found = getter.apply(element);
                return found instanceof Undefined && !(otherwise instanceof None) ? otherwise : found;
            };
        } else {
            String name = arguments.text(0, "filter").toString();
            change = element -> in.filter(name, element, arguments.skip(1));
        }
        List<Object> mapped = new ArrayList<>();
        in.values().iterate(value).forEach(element -> mapped.add(change.apply(element)));
        return new Generator(mapped);
    }

    private static Object pick(Interpreter in, Object value, Arguments arguments, boolean ofAttribute, boolean wanted) {
        UnaryOperator<Object> getter = getter(in, ofAttribute ? arguments.get(0, "attribute") : None.NONE);
        Arguments test = arguments.skip(ofAttribute ? 1 : 0);
        List<Object> picked = new ArrayList<>();
        for (Object element : in.values().iterate(value)) {
            Object tested = getter.apply(element);
            boolean passes = test.size() == 0
                    ? Values.isTrue(tested)
                    : in.test(test.text(0, "test").toString(), tested, test.skip(1));
            if (passes == wanted) {
                picked.add(element);
            }
        }
        return new Generator(picked);
    }

    private static UnaryOperator<Object> getter(Interpreter in, Object attribute) {
        List<Object> path = Filters.path(attribute);
        return element -> {
            Object value = element;
            for (Object part : path) {
                value = in.members().item(value, part);
            }
            return value;
        };
    }

    /** What a value is ordered and compared by. */
    private static UnaryOperator<Object> sortKey(Interpreter in, Object attribute, boolean caseSensitive) {
        UnaryOperator<Object> getter = getter(in, attribute);
        return element -> {
            Object key = getter.apply(element);
            return key instanceof Text text && !caseSensitive ? text.map(run -> run.toLowerCase(Locale.ROOT)) : key;
        };
    }

    private static Comparator<Object> order(Interpreter in, UnaryOperator<Object> key) {
        return (a, b) -> {
            in.budget().step();
            return in.values().order("<", key.apply(a), key.apply(b));
        };
    }

    private static Object sort(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("sort", "reverse", "case_sensitive", "attribute");
        boolean caseSensitive = Values.isTrue(arguments.get(1, "case_sensitive", false));
        Comparator<Object> order = order(in, sortKey(in, arguments.get(2, "attribute", None.NONE), caseSensitive));
        List<Object> elements = new ArrayList<>(in.values().iterate(value));
        elements.sort(Values.isTrue(arguments.get(0, "reverse", false)) ? order.reversed() : order);
        return Sequence.list(elements);
    }

    private static Object unique(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("unique", "case_sensitive", "attribute");
        boolean caseSensitive = Values.isTrue(arguments.get(0, "case_sensitive", false));
        UnaryOperator<Object> key = sortKey(in, arguments.get(1, "attribute", None.NONE), caseSensitive);
        List<Object> keys = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        for (Object element : in.values().iterate(value)) {
            Object own = key.apply(element);
            if (keys.stream().noneMatch(other -> in.values().equal(other, own))) {
                keys.add(own);
                kept.add(element);
            }
        }
        return new Generator(kept);
    }

    private static Object extreme(Interpreter in, Object value, Arguments arguments, int sign) {
        arguments.allow(sign < 0 ? "min" : "max", "case_sensitive", "attribute");
        boolean caseSensitive = Values.isTrue(arguments.get(0, "case_sensitive", false));
        Comparator<Object> order = order(in, sortKey(in, arguments.get(1, "attribute", None.NONE), caseSensitive));
        Object best = null;
        for (Object element : in.values().iterate(value)) {
            if (best == null || order.compare(element, best) * sign > 0) {
                best = element;
            }
        }
        return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
    }

    private static Object sum(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("sum", "attribute", "start");
        UnaryOperator<Object> getter = getter(in, arguments.get(0, "attribute", None.NONE));
        Object sum = arguments.get(1, "start", 0L);
        for (Object element : in.values().iterate(value)) {
            sum = in.arithmetic().binary("+", sum, getter.apply(element));
        }
        return sum;
    }

    private static Object items(Interpreter in, Object value, Arguments arguments) {
        if (value instanceof Undefined) {
            return new Generator(List.of());
        } else if (value instanceof Map<?, ?> map) {
            return new Generator(Members.items(map));
        }
        throw JinjaException.runtime("Can only get item pairs from a mapping.");
    }

    private static Object dictSort(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("dictsort", "case_sensitive", "by", "reverse");
        if (!(Values.defined(value) instanceof Map<?, ?> map)) {
            throw JinjaException.runtime("dictsort needs a dictionary, not " + Values.type(value));
        }
        boolean byValue =
                Values.asText(arguments.get(1, "by", Text.of("key"))).toString().equals("value");
        boolean caseSensitive = Values.isTrue(arguments.get(0, "case_sensitive", false));
        Comparator<Object> order = order(in, sortKey(in, byValue ? 1L : 0L, caseSensitive));
        List<Object> items = Members.items(map);
        items.sort(Values.isTrue(arguments.get(2, "reverse", false)) ? order.reversed() : order);
        return Sequence.list(items);
    }

    private static Object groupBy(Interpreter in, Object value, Arguments arguments) {
        Object attribute = arguments.allow("groupby", "attribute").get(0, "attribute");
        UnaryOperator<Object> key = sortKey(in, attribute, false);
        UnaryOperator<Object> getter = getter(in, attribute);
        List<Object> elements = new ArrayList<>(in.values().iterate(value));
        elements.sort(order(in, key));
        List<Object> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; !elements.isEmpty() && i <= elements.size(); i++) {
            if (i == elements.size()
                    || !in.values().equal(key.apply(elements.get(start)), key.apply(elements.get(i)))) {
                Object grouper = getter.apply(elements.get(start));
                groups.add(Sequence.tuple(List.of(grouper, Sequence.list(List.copyOf(elements.subList(start, i))))));
                start = i;
            }
        }
        return Sequence.list(groups);
    }

    private static Object batch(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("batch", "linecount", "fill_with");
        long size = arguments.integer(0, "linecount", 1);
        Object filler = arguments.get(1, "fill_with", None.NONE);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object element : in.values().iterate(value)) {
            if (batch.size() == size) {
                batches.add(Sequence.list(batch));
                batch = new ArrayList<>();
            }
            batch.add(element);
        }
        if (!batch.isEmpty()) {
            while (!(filler instanceof None) && batch.size() < size) {
                in.budget().step();
                batch.add(filler);
            }
            batches.add(Sequence.list(batch));
        }
        return new Generator(batches);
    }
}
