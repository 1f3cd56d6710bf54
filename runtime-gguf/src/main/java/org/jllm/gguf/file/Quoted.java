package org.jllm.gguf.file;

/** Texts of a file inside an error's one line: in quotation marks, cut when long, control characters escaped. */
final class Quoted {
    private static final int MOST_CHARACTERS = 60;

    private Quoted() {}

    static String of(String text) {
        StringBuilder shown = new StringBuilder("'");
        text.codePoints().limit(MOST_CHARACTERS).forEach(character -> append(shown, character));
        return shown.append(text.codePointCount(0, text.length()) > MOST_CHARACTERS ? "…'" : "'")
                .toString();
    }

    private static void append(StringBuilder shown, int character) {
        switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT ->
                shown.append(String.format("\\u%04x", character));
            default -> shown.appendCodePoint(character);
        }
    }
}
