package org.jllm.prompt.jinja;

import java.util.BitSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A string, immutable, and which of its chars come from the content of a message. Equality is that of the chars. */
public final class Text {
    static final Text EMPTY = of("");

    private final String chars;
    private final @Nullable BitSet content;

    Text(String chars, @Nullable BitSet content) {
        this.chars = chars;
        this.content = content;
    }

    /** A string of the template or its variables. */
    public static Text of(String chars) {
        return new Text(chars, null);
    }

    /** A string of a message's content. */
    public static Text content(String chars) {
        BitSet all = new BitSet(chars.length());
        all.set(0, chars.length());
        return new Text(chars, all);
    }

    /** Whether the char at an index comes from the content of a message. */
    public boolean isContent(int index) {
        return content != null && content.get(index);
    }

    boolean hasContent() {
        return content != null && !content.isEmpty();
    }

    int length() {
        return chars.length();
    }

    boolean isEmpty() {
        return chars.isEmpty();
    }

    /** Number of code points, Python's {@code len}. */
    int size() {
        return chars.codePointCount(0, chars.length());
    }

    /** The index in chars of the code point at an index; the text's length at and beyond its end. */
    int offset(int codePoint) {
        int size = size();
        if (codePoint >= size) {
            return chars.length();
        }
        return size == chars.length() ? codePoint : chars.offsetByCodePoints(0, codePoint);
    }

    /** Part of the text, in chars. */
    Text slice(int start, int end) {
        if (start >= end) {
            return EMPTY;
        }
        return new Text(chars.substring(start, end), content == null ? null : content.get(start, end));
    }

    /** The text without the white space around it, Python's {@code strip}. */
    public Text strip() {
        return StringMethods.strip(this, None.NONE, true, true);
    }

    Text from(int start) {
        return slice(start, chars.length());
    }

    /** Each run of equal origin changed by itself. */
    Text map(UnaryOperator<String> change) {
        TextBuilder result = new TextBuilder();
        int start = 0;
        while (start < chars.length()) {
            int end = start + 1;
            while (end < chars.length() && isContent(end) == isContent(start)) {
                end++;
            }
            result.append(change.apply(chars.substring(start, end)), isContent(start));
            start = end;
        }
        return result.toText();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text text && chars.equals(text.chars);
    }

    @Override
    public int hashCode() {
        return chars.hashCode();
    }

    @Override
    public String toString() {
        return chars;
    }
}
