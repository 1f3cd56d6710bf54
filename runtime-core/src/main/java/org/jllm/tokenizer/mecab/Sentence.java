package org.jllm.tokenizer.mecab;

/** The chars of a text, in an array that the next text takes over. For one thread. */
final class Sentence {
    private char[] chars = new char[256];
    private int length;

    /** Takes a text in place of the one before. */
    Sentence set(CharSequence text) {
        length = text.length();
        if (chars.length < length) {
            chars = new char[length];
        }
        text.toString().getChars(0, length, chars, 0);
        return this;
    }

    int length() {
        return length;
    }

    char charAt(int at) {
        return chars[at];
    }

    /** The chars of the character that begins at a char: 1 or 2. */
    int width(int at) {
        return Character.isHighSurrogate(chars[at]) && at + 1 < length && Character.isLowSurrogate(chars[at + 1])
                ? 2
                : 1;
    }
}
