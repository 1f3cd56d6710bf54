package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}. */
final class PythonJson {
    private final Budget budget;
    private final boolean ascii;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final TextBuilder out = new TextBuilder();

    /** {@code indent}: null for everything on one line. */
    PythonJson(
            Budget budget,
            boolean ascii,
            @Nullable String indent,
            String itemSeparator,
            String keySeparator,
            boolean sorted) {
        this.budget = budget;
        this.ascii = ascii;
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sorted = sorted;
    }

    Text dump(Object value) {
        write(value, 0);
        return out.toText();
    }

    private void write(Object value, int depth) {
        budget.enter();
        budget.chars(2 + (indent == null ? 0 : (long) indent.length() * depth));
        if (value instanceof Text text) {
            quote(text);
        } else if (value instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            if (sorted) {
                entries.sort(Comparator.comparing(entry -> entry.getKey().toString()));
            }
            block('{', '}', entries, depth, entry -> {
                quote(key(entry.getKey()));
                out.append(keySeparator);
                write(entry.getValue(), depth + 1);
            });
        } else if (value instanceof Sequence sequence && sequence.type() != Sequence.Type.RANGE) {
            block('[', ']', sequence, depth, element -> write(element, depth + 1));
        } else {
            out.append(scalar(value));
        }
        budget.leave();
    }

    private <T> void block(char open, char close, List<T> elements, int depth, Consumer<T> writer) {
        out.append(String.valueOf(open));
        boolean first = true;
        for (T element : elements) {
            if (!first) {
                out.append(itemSeparator);
            }
            first = false;
            newLine(depth + 1);
            writer.accept(element);
        }
        if (!first) {
            newLine(depth);
        }
        out.append(String.valueOf(close));
    }

    private void newLine(int depth) {
        if (indent != null) {
            out.append("\n" + indent.repeat(depth));
        }
    }

    private static Text key(Object key) {
        return key instanceof Text text ? text : Text.of(scalar(key));
    }

    private static String scalar(Object value) {
        if (value instanceof Boolean || value instanceof Long) {
            return value.toString();
        } else if (value instanceof None) {
            return "null";
        } else if (value instanceof Double number) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printer.number(number);
        }
        throw JinjaException.runtime("Object of type " + Values.type(value) + " is not JSON serializable");
    }

    private void quote(Text text) {
        String chars = text.toString();
        budget.chars(chars.length());
        out.append("\"");
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            int simple = "\"\\\n\r\t\b\f".indexOf(c);
            String shown = simple >= 0
                    ? "\\" + "\"\\nrtbf".charAt(simple)
                    : c < 0x20 || (ascii && c > 0x7E) ? "\\u%04x".formatted((int) c) : String.valueOf(c);
            out.append(shown, text.isContent(i));
        }
        out.append("\"");
    }
}
