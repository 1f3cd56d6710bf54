package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes, items and slices of values, as the sandboxed environment finds them. */
final class Members {
    private final Values values;
    private final StringMethods strings;

    Members(Values values, StringMethods strings) {
        this.values = values;
        this.strings = strings;
    }

    /** {@code target.name}: an attribute, else an item. */
    Object attribute(Object target, String name) {
        Object found = own(Values.defined(target), name);
        if (found == null && target instanceof Map<?, ?> map) {
            found = map.get(Text.of(name));
        }
        return found != null ? found : Undefined.attribute(target, name);
    }

    /** The filter {@code attr}: an attribute only. */
    Object attributeOnly(Object target, String name) {
        Object found = own(Values.defined(target), name);
        return found != null ? found : Undefined.attribute(target, name);
    }

    /** {@code target[key]}: an item, else an attribute. */
    Object item(Object target, Object key) {
        Object found = null;
        if (Values.defined(target) instanceof Map<?, ?> map) {
            found = map.get(key);
        } else if (key instanceof Long || key instanceof Boolean) {
            found = element(target, Values.asInteger(key));
        }
        if (found == null && key instanceof Text name) {
            found = own(target, name.toString());
        }
        return found != null ? found : Undefined.attribute(target, key);
    }

    private static @Nullable Object element(Object target, long index) {
        if (target instanceof Sequence sequence) {
            long position = index < 0 ? index + sequence.size() : index;
            return position >= 0 && position < sequence.size() ? sequence.get((int) position) : null;
        } else if (target instanceof Text text) {
            int size = text.size();
            long position = index < 0 ? index + size : index;
            return position >= 0 && position < size
                    ? text.slice(text.offset((int) position), text.offset((int) position + 1))
                    : null;
        }
        return null;
    }

    Object slice(Object target, @Nullable Long start, @Nullable Long stop, @Nullable Long step) {
        long stride = step == null ? 1 : step;
        if (stride == 0) {
            throw JinjaException.runtime("slice step cannot be zero");
        }
        if (!(Values.defined(target) instanceof Text || target instanceof Sequence)) {
            return Undefined.attribute(target, "slice");
        }
        long size = values.length(target);
        long least = stride > 0 ? 0 : -1;
        long most = stride > 0 ? size : size - 1;
        long first = start == null ? (stride > 0 ? least : most) : bound(start, size, least, most);
        long last = stop == null ? (stride > 0 ? most : least) : bound(stop, size, least, most);
        if (target instanceof Text text && stride == 1) {
            return text.slice(text.offset((int) first), text.offset((int) last));
        }
        List<Object> elements = values.iterate(target);
        List<Object> picked = new ArrayList<>();
        for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
            picked.add(elements.get((int) i));
            if (Math.abs(stride) > size) {
                break;
            }
        }
        if (target instanceof Sequence sequence) {
            return sequence.type() == Sequence.Type.RANGE ? Sequence.range(picked) : sequence.with(picked);
        }
        TextBuilder text = new TextBuilder();
        picked.forEach(part -> text.append((Text) part));
        return text.toText();
    }

    private static long bound(long bound, long size, long least, long most) {
        long position = bound < 0 ? Math.max(bound, -size - 1) + size : bound;
        return Math.max(least, Math.min(most, position));
    }

    private @Nullable Object own(Object target, String name) {
        if (target instanceof Text text) {
            return strings.find(text, name);
        } else if (target instanceof Map<?, ?> map) {
            return dictionaryMethod(map, name);
        } else if (target instanceof Sequence sequence) {
            return sequenceMethod(sequence, name);
        } else if (target instanceof Namespace namespace) {
            return namespace.attributes().get(name);
        } else if (target instanceof Loop loop) {
            return loop.attribute(name);
        } else if (target instanceof Macro macro && name.equals("name")) {
            return Text.of(macro.name());
        }
        return null;
    }

    private static @Nullable Function dictionaryMethod(Map<?, ?> map, String name) {
        return switch (name) {
            case "keys" -> arguments -> new View("dict_keys", new ArrayList<>(map.keySet()));
            case "values" -> arguments -> new View("dict_values", new ArrayList<>(map.values()));
            case "items" -> arguments -> new View("dict_items", items(map));
            case "get" ->
                arguments -> {
                    Object value = map.get(Values.key(arguments.get(0, "key")));
                    return value != null ? value : arguments.get(1, "default", None.NONE);
                };
            case "copy" -> arguments -> new LinkedHashMap<>(map);
            case "clear", "pop", "popitem", "setdefault", "update" -> refuse(name, "dict");
            default -> null;
        };
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Sequence.tuple(List.of(key, value))));
        return items;
    }

    private @Nullable Function sequenceMethod(Sequence sequence, String name) {
        return switch (name) {
            case "index" ->
                arguments -> {
                    for (int i = 0; i < sequence.size(); i++) {
                        if (values.equal(sequence.get(i), arguments.get(0, "value"))) {
                            return (long) i;
                        }
                    }
                    throw JinjaException.runtime("the value is not in the list");
                };
            case "count" ->
                arguments -> sequence.stream()
                        .filter(element -> values.equal(element, arguments.get(0, "value")))
                        .count();
            case "copy" -> arguments -> sequence;
            case "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove" ->
                sequence.type() == Sequence.Type.LIST ? refuse(name, "list") : null;
            default -> null;
        };
    }

    private static Function refuse(String name, String type) {
        return arguments -> {
            throw JinjaException.runtime("access to attribute '" + name + "' of '" + type + "' object is unsafe.");
        };
    }
}
