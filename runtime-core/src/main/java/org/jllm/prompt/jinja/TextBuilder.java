package org.jllm.prompt.jinja;

import java.util.BitSet;

/** Puts a {@link Text} together. Not safe for use by several threads. */
public final class TextBuilder {
    private final StringBuilder chars = new StringBuilder();
    private final BitSet content = new BitSet();

    /** Appends a text with its origins. */
    public TextBuilder append(Text text) {
        return append(text, 0, text.length());
    }

    TextBuilder append(Text text, int start, int end) {
        int offset = chars.length() - start;
        chars.append(text.toString(), start, end);
        if (text.hasContent()) {
            for (int i = start; i < end; i++) {
                if (text.isContent(i)) {
                    content.set(offset + i);
                }
            }
        }
        return this;
    }

    TextBuilder append(String text) {
        chars.append(text);
        return this;
    }

    /** Appends chars of one origin. */
    public TextBuilder append(String text, boolean fromContent) {
        if (fromContent) {
            content.set(chars.length(), chars.length() + text.length());
        }
        chars.append(text);
        return this;
    }

    int length() {
        return chars.length();
    }

    /** The text so far. */
    public Text toText() {
        return new Text(chars.toString(), content.isEmpty() ? null : (BitSet) content.clone());
    }
}
