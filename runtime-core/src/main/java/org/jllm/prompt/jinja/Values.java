package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Python says of values. Strings are {@link Text}, numbers {@link Long} and {@link Double}, then {@link Boolean},
 * {@link None}, {@link Undefined}, {@link Sequence}, {@link Map}, {@link View}, {@link Generator}, {@link Namespace} and
 * {@link Function}.
 */
final class Values {
    private final Budget budget;

    Values(Budget budget) {
        this.budget = budget;
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        } else if (value instanceof Text text) {
            return !text.isEmpty();
        } else if (value instanceof Long number) {
            return number != 0;
        } else if (value instanceof Double number) {
            return number != 0;
        } else if (value instanceof List<?> list) {
            return !list.isEmpty();
        } else if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        } else if (value instanceof View view) {
            return !view.elements().isEmpty();
        }
        return !(value instanceof None || value instanceof Undefined);
    }

    static String type(Object value) {
        if (value instanceof Text) {
            return "str";
        } else if (value instanceof Long) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof None) {
            return "NoneType";
        } else if (value instanceof Map) {
            return "dict";
        } else if (value instanceof Sequence sequence) {
            return switch (sequence.type()) {
                case LIST -> "list";
                case TUPLE -> "tuple";
                case RANGE -> "range";
            };
        } else if (value instanceof View view) {
            return view.type();
        } else if (value instanceof Undefined) {
            return "Undefined";
        }
        return value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    static Object defined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return value;
    }

    static Text asText(Object value) {
        if (defined(value) instanceof Text text) {
            return text;
        }
        throw JinjaException.runtime("expected a string, not " + type(value));
    }

    static long asInteger(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (defined(value) instanceof Long number) {
            return number;
        }
        throw JinjaException.runtime("expected an integer, not " + type(value));
    }

    /** A number, booleans included, or null. */
    static @Nullable Number number(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        return value instanceof Number number ? number : null;
    }

    static Object key(Object value) {
        if (value instanceof Map || (value instanceof Sequence sequence && sequence.type() == Sequence.Type.LIST)) {
            throw JinjaException.runtime("unhashable type: '" + type(value) + "'");
        }
        return value;
    }

    static JinjaException typeError(String operation, Object left, Object right) {
        defined(left);
        defined(right);
        return JinjaException.runtime(
                "'" + operation + "' does not work between '" + type(left) + "' and '" + type(right) + "'");
    }

    List<Object> iterate(Object value) {
        List<Object> elements;
        if (value instanceof Sequence sequence) {
            elements = sequence;
        } else if (value instanceof Map<?, ?> map) {
            elements = new ArrayList<>(map.keySet());
        } else if (value instanceof View view) {
            elements = view.elements();
        } else if (value instanceof Generator generator) {
            elements = generator.rest();
        } else if (value instanceof Text text) {
            elements = new ArrayList<>();
            String chars = text.toString();
            for (int i = 0, end; i < chars.length(); i = end) {
                end = chars.offsetByCodePoints(i, 1);
                elements.add(text.slice(i, end));
            }
        } else if (value instanceof Undefined) {
            elements = List.of();
        } else {
            throw JinjaException.runtime("'" + type(value) + "' object is not iterable");
        }
        budget.spend(elements.size());
        return elements;
    }

    /** Python's {@code len}. */
    long length(Object value) {
        if (value instanceof Text text) {
            return text.size();
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        } else if (value instanceof View view) {
            return view.elements().size();
        } else if (value instanceof Undefined) {
            return 0;
        }
        throw JinjaException.runtime("object of type '" + type(value) + "' has no len()");
    }

    boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(operator, left, right) < 0;
            case "<=" -> order(operator, left, right) <= 0;
            case ">" -> order(operator, left, right) > 0;
            default -> order(operator, left, right) >= 0;
        };
    }

    boolean contains(Object container, Object value) {
        if (container instanceof Text text) {
            budget.chars(text.length() / 8);
            return text.toString().contains(asText(value).toString());
        } else if (container instanceof Map<?, ?> map) {
            return map.containsKey(key(value));
        }
        return iterate(container).stream().anyMatch(element -> equal(element, value));
    }

    boolean equal(Object left, Object right) {
        budget.enter();
        try {
            Number first = number(left);
            Number second = number(right);
            if (first != null && second != null) {
                return compareNumbers(first, second) == 0;
            } else if (left instanceof Sequence a && right instanceof Sequence b) {
                return a.type() == b.type() && equalElements(a, b);
            } else if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
                if (a.size() != b.size()) {
                    return false;
                }
                for (Map.Entry<?, ?> entry : a.entrySet()) {
                    Object other = b.get(entry.getKey());
                    if (other == null || !equal(entry.getValue(), other)) {
                        return false;
                    }
                }
                return true;
            }
            return left.equals(right);
        } finally {
            budget.leave();
        }
    }

    private boolean equalElements(List<Object> left, List<Object> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<Object> others = right.iterator();
        return left.stream().allMatch(element -> equal(element, others.next()));
    }

    /** Less than, equal to or greater than 0, for values that Python can order. */
    int order(String operator, Object left, Object right) {
        Number first = number(left);
        Number second = number(right);
        if (first != null && second != null) {
            return compareNumbers(first, second);
        } else if (left instanceof Text a && right instanceof Text b) {
            return compareCodePoints(a.toString(), b.toString());
        } else if (left instanceof Sequence a && right instanceof Sequence b && a.type() == b.type()) {
            budget.enter();
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    int order = order(operator, a.get(i), b.get(i));
                    budget.leave();
                    return order;
                }
            }
            budget.leave();
            return Integer.compare(a.size(), b.size());
        }
        throw typeError(operator, left, right);
    }

    private static int compareNumbers(Number left, Number right) {
        return left instanceof Long && right instanceof Long
                ? Long.compare(left.longValue(), right.longValue())
                // Adding 0 makes -0.0 equal to 0.0.
                : Double.compare(left.doubleValue() + 0.0, right.doubleValue() + 0.0);
    }

    private static int compareCodePoints(String left, String right) {
        int[] a = left.codePoints().toArray();
        return Arrays.compare(a, right.codePoints().toArray());
    }
}
