package org.jllm.prompt.jinja;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jllm.tokenizer.PythonText;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class StringMethods {
    private final Budget budget;
    private final Values values;
    private final Printer printer;

    StringMethods(Budget budget, Values values, Printer printer) {
        this.budget = budget;
        this.values = values;
        this.printer = printer;
    }

    @Nullable
    Function find(Text text, String name) {
        Function method = method(text, name);
        return method == null
                ? null
                : arguments -> {
                    budget.chars(text.length() + 1L);
                    return method.call(arguments);
                };
    }

    private @Nullable Function method(Text text, String name) {
        String chars = text.toString();
        return switch (name) {
            case "strip" -> arguments -> strip(text, arguments.get(0, "chars", None.NONE), true, true);
            case "lstrip" -> arguments -> strip(text, arguments.get(0, "chars", None.NONE), true, false);
            case "rstrip" -> arguments -> strip(text, arguments.get(0, "chars", None.NONE), false, true);
            case "split" -> arguments -> Sequence.list(Splitter.split(budget, text, arguments));
            case "rsplit" -> arguments -> Sequence.list(Splitter.rsplit(budget, text, arguments));
            case "splitlines" ->
                arguments -> Sequence.list(Splitter.lines(text, Values.isTrue(arguments.get(0, "keepends", false))));
            case "partition" -> arguments -> partition(text, arguments.text(0, "sep"), false);
            case "rpartition" -> arguments -> partition(text, arguments.text(0, "sep"), true);
            case "startswith" -> arguments -> startsOrEnds(text, arguments, true);
            case "endswith" -> arguments -> startsOrEnds(text, arguments, false);
            case "removeprefix" ->
                arguments -> {
                    Text prefix = arguments.text(0, "prefix");
                    return chars.startsWith(prefix.toString()) ? text.from(prefix.length()) : text;
                };
            case "removesuffix" ->
                arguments -> {
                    Text suffix = arguments.text(0, "suffix");
                    return chars.endsWith(suffix.toString()) ? text.slice(0, text.length() - suffix.length()) : text;
                };
            case "upper" -> arguments -> text.map(run -> run.toUpperCase(Locale.ROOT));
            case "lower", "casefold" -> arguments -> text.map(run -> run.toLowerCase(Locale.ROOT));
            case "capitalize" -> arguments -> capitalize(text);
            case "title" -> arguments -> title(text);
            case "swapcase" ->
                arguments -> text.map(run -> run.codePoints()
                        .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
            case "replace" -> arguments -> replace(text, arguments);
            case "find" ->
                arguments -> position(chars.indexOf(arguments.text(0, "sub").toString()), chars);
            case "rfind" ->
                arguments -> position(chars.lastIndexOf(arguments.text(0, "sub").toString()), chars);
            case "index" ->
                arguments -> {
                    int index = chars.indexOf(arguments.text(0, "sub").toString());
                    if (index < 0) {
                        throw JinjaException.runtime("substring not found");
                    }
                    return position(index, chars);
                };
            case "count" -> arguments -> count(text, arguments.text(0, "sub").toString());
            case "join" -> arguments -> join(text, values.iterate(Values.defined(arguments.get(0, "iterable"))));
            case "format" -> arguments -> new BraceFormat(printer).format(text, arguments);
            case "center", "ljust", "rjust" -> arguments -> justify(text, name, arguments);
            case "zfill" ->
                arguments -> {
                    int sign = chars.startsWith("-") || chars.startsWith("+") ? 1 : 0;
                    Text zeros = fill(arguments.integer(0, "width", 0) - text.size(), Text.of("0"));
                    return new TextBuilder()
                            .append(text, 0, sign)
                            .append(zeros)
                            .append(text, sign, text.length())
                            .toText();
                };
            case "isspace" -> all(chars, PythonText::isSpace);
            case "isalpha" -> all(chars, Character::isLetter);
            case "isdecimal" -> all(chars, Character::isDigit);
            case "isdigit" -> all(chars, Characters::isDigit);
            case "isnumeric" -> all(chars, Characters::isNumeric);
            case "isascii" -> arguments -> chars.codePoints().allMatch(c -> c < 0x80);
            case "isalnum" -> all(chars, Character::isLetterOrDigit);
            case "isupper" ->
                arguments -> chars.codePoints().anyMatch(Character::isUpperCase)
                        && chars.codePoints().noneMatch(Character::isLowerCase);
            case "islower" ->
                arguments -> chars.codePoints().anyMatch(Character::isLowerCase)
                        && chars.codePoints().noneMatch(Character::isUpperCase);
            default -> null;
        };
    }

    private static Function all(String chars, IntPredicate test) {
        return arguments -> !chars.isEmpty() && chars.codePoints().allMatch(test);
    }

    static Text strip(Text text, Object stripped, boolean left, boolean right) {
        IntPredicate test = stripped instanceof None
                ? PythonText::isSpace
                : c -> Values.asText(stripped).toString().indexOf(c) >= 0;
        String chars = text.toString();
        int start = 0;
        int end = chars.length();
        while (left && start < end && test.test(chars.codePointAt(start))) {
            start += Character.charCount(chars.codePointAt(start));
        }
        while (right && end > start && test.test(chars.codePointBefore(end))) {
            end -= Character.charCount(chars.codePointBefore(end));
        }
        return text.slice(start, end);
    }

    private static Object partition(Text text, Text separator, boolean last) {
        String chars = text.toString();
        int index = last ? chars.lastIndexOf(separator.toString()) : chars.indexOf(separator.toString());
        if (separator.isEmpty()) {
            throw JinjaException.runtime("empty separator");
        } else if (index < 0) {
            return Sequence.tuple(last ? List.of(Text.EMPTY, Text.EMPTY, text) : List.of(text, Text.EMPTY, Text.EMPTY));
        }
        return Sequence.tuple(List.of(text.slice(0, index), separator, text.from(index + separator.length())));
    }

    private static boolean startsOrEnds(Text text, Arguments arguments, boolean start) {
        Object affix = arguments.get(0, "prefix");
        List<Object> affixes =
                affix instanceof Sequence tuple && tuple.type() == Sequence.Type.TUPLE ? tuple : List.of(affix);
        String chars = text.from(text.offset((int) Math.max(0, arguments.integer(1, "start", 0))))
                .toString();
        return affixes.stream()
                .map(each -> Values.asText(each).toString())
                .anyMatch(each -> start ? chars.startsWith(each) : chars.endsWith(each));
    }

    static Text capitalize(Text text) {
        int first = text.offset(1);
        return new TextBuilder()
                .append(text.slice(0, first).map(run -> run.toUpperCase(Locale.ROOT)))
                .append(text.from(first).map(run -> run.toLowerCase(Locale.ROOT)))
                .toText();
    }

    private static Text title(Text text) {
        TextBuilder out = new TextBuilder();
        boolean inWord = false;
        String chars = text.toString();
        for (int i = 0, c; i < chars.length(); i += Character.charCount(c)) {
            c = chars.codePointAt(i);
            out.append(
                    Character.toString(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c)),
                    text.isContent(i));
            inWord = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
        }
        return out.toText();
    }

    Text replace(Text text, Arguments arguments) {
        Text old = arguments.text(0, "old");
        Text replacement = arguments.text(1, "new");
        Object count = arguments.get(2, "count", -1L);
        long left = count instanceof None ? -1 : Values.asInteger(count);
        TextBuilder out = new TextBuilder();
        int position = 0;
        if (old.isEmpty()) {
            String chars = text.toString();
            while (left != 0 && position <= chars.length()) {
                budget.chars(replacement.length() + 1L);
                int end = position == chars.length() ? position : chars.offsetByCodePoints(position, 1);
                out.append(replacement).append(text, position, end);
                position = position == chars.length() ? position + 1 : end;
                left--;
            }
            return out.append(text.from(position)).toText();
        }
        int found = text.toString().indexOf(old.toString());
        while (found >= 0 && left != 0) {
            budget.chars(replacement.length() + 1L);
            out.append(text, position, found).append(replacement);
            position = found + old.length();
            found = text.toString().indexOf(old.toString(), position);
            left--;
        }
        return out.append(text, position, text.length()).toText();
    }

    private static long position(int index, String chars) {
        return index < 0 ? -1 : chars.codePointCount(0, index);
    }

    private static long count(Text text, String part) {
        if (part.isEmpty()) {
            return text.size() + 1L;
        }
        long count = 0;
        for (int i = text.toString().indexOf(part); i >= 0; i = text.toString().indexOf(part, i + part.length())) {
            count++;
        }
        return count;
    }

    Text join(Text separator, List<Object> parts) {
        TextBuilder out = new TextBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Text part = Values.asText(parts.get(i));
            budget.chars((long) separator.length() + part.length());
            out.append(i == 0 ? Text.EMPTY : separator).append(part);
        }
        return out.toText();
    }

    private Text justify(Text text, String name, Arguments arguments) {
        long width = arguments.integer(0, "width", 0);
        long missing = Math.max(0, width - text.size());
        Text filler = arguments.has(1, "fillchar") ? arguments.text(1, "fillchar") : Text.of(" ");
        long left = switch (name) {
            case "ljust" -> 0;
            case "rjust" -> missing;
            default -> missing / 2 + (missing & width & 1);
        };
        return new TextBuilder()
                .append(fill(left, filler))
                .append(text)
                .append(fill(missing - left, filler))
                .toText();
    }

    private Text fill(long count, Text filler) {
        budget.chars(Math.max(0, Math.min(count, 1L << 40)));
        TextBuilder out = new TextBuilder();
        for (long i = 0; i < count; i++) {
            out.append(filler);
        }
        return out.toText();
    }
}
