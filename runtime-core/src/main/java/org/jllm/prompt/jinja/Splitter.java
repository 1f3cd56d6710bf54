package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jllm.tokenizer.PythonText;

/** Python's ways to split a string. */
final class Splitter {
    private Splitter() {}

    static List<Object> split(Budget budget, Text text, Arguments arguments) {
        Object separator = arguments.get(0, "sep", None.NONE);
        long left = arguments.integer(1, "maxsplit", -1);
        List<Object> parts = new ArrayList<>();
        if (separator instanceof None) {
            int position = skip(text, 0, true);
            while (position < text.length() && left != 0) {
                int end = skip(text, position, false);
                parts.add(text.slice(position, end));
                position = skip(text, end, true);
                left--;
                budget.step();
            }
            if (position < text.length()) {
                parts.add(text.from(position));
            }
            return parts;
        }
        String mark = mark(separator);
        int position = 0;
        int found = text.toString().indexOf(mark);
        while (found >= 0 && left != 0) {
            parts.add(text.slice(position, found));
            position = found + mark.length();
            found = text.toString().indexOf(mark, position);
            left--;
            budget.step();
        }
        parts.add(text.from(position));
        return parts;
    }

    static List<Object> rsplit(Budget budget, Text text, Arguments arguments) {
        Object separator = arguments.get(0, "sep", None.NONE);
        long left = arguments.integer(1, "maxsplit", -1);
        if (left < 0) {
            return split(budget, text, arguments);
        }
        List<Object> parts = new ArrayList<>();
        String chars = text.toString();
        int end = chars.length();
        if (separator instanceof None) {
            end = skipBack(chars, end, true);
            while (end > 0 && left-- > 0) {
                int start = skipBack(chars, end, false);
                parts.add(text.slice(start, end));
                end = skipBack(chars, start, true);
                budget.step();
            }
            if (end > 0) {
                parts.add(text.slice(0, end));
            }
        } else {
            String mark = mark(separator);
            int found = chars.lastIndexOf(mark, end - mark.length());
            while (found >= 0 && left-- > 0) {
                parts.add(text.slice(found + mark.length(), end));
                end = found;
                found = end < mark.length() ? -1 : chars.lastIndexOf(mark, end - mark.length());
                budget.step();
            }
            parts.add(text.slice(0, end));
        }
        Collections.reverse(parts);
        return parts;
    }

    static List<Object> lines(Text text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.toString().charAt(i++);
            if (Characters.isLineEnd(c)) {
                int end = i - 1;
                if (c == '\r' && i < text.length() && text.toString().charAt(i) == '\n') {
                    i++;
                }
                lines.add(text.slice(start, keepEnds ? i : end));
                start = i;
            }
        }
        if (start < text.length()) {
            lines.add(text.from(start));
        }
        return lines;
    }

    private static String mark(Object separator) {
        String mark = Values.asText(separator).toString();
        if (mark.isEmpty()) {
            throw JinjaException.runtime("empty separator");
        }
        return mark;
    }

    private static int skip(Text text, int from, boolean space) {
        int i = from;
        while (i < text.length() && PythonText.isSpace(text.toString().charAt(i)) == space) {
            i++;
        }
        return i;
    }

    private static int skipBack(String chars, int from, boolean space) {
        int i = from;
        while (i > 0 && PythonText.isSpace(chars.charAt(i - 1)) == space) {
            i--;
        }
        return i;
    }
}
