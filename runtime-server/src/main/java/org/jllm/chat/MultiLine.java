package org.jllm.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages of several lines: a line that ends in a backslash goes on, and so does what begins with {@code """}. */
final class MultiLine {
    private static final String QUOTES = "\"\"\"";
    private static final Pattern OPENING = Pattern.compile("\\A(\\s*(?:/system\\s+)?)\"\"\"");

    private MultiLine() {}

    /** Whether a line follows. */
    static boolean continues(String typed) {
        Matcher opening = OPENING.matcher(typed);
        if (opening.lookingAt()) {
            String block = typed.substring(opening.end());
            return !block.stripTrailing().endsWith(QUOTES);
        }
        return typed.endsWith("\\");
    }

    /** What has been typed, to go on with: ends with a new line, without the backslash. */
    static String continued(String typed) {
        boolean block = OPENING.matcher(typed).lookingAt();
        return (block ? typed : typed.substring(0, typed.length() - 1)) + "\n";
    }

    /** The message that was typed: without the quotes of a block and the line ends beside them. */
    static String message(String typed) {
        Matcher opening = OPENING.matcher(typed);
        if (!opening.lookingAt() || continues(typed)) {
            return typed;
        }
        String block = typed.substring(opening.end()).stripTrailing();
        String inner = block.substring(0, block.length() - QUOTES.length());
        return opening.group(1) + inner.replaceFirst("\\A\\s*\\n", "").replaceFirst("\\n\\s*\\z", "");
    }
}
