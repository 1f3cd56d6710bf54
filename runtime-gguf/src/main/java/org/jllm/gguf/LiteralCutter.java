package org.jllm.gguf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jllm.gguf.binding.Llama;
import org.jllm.tokenizer.MarkedText;

/**
 * Cuts the special tokens that count out of a text with literal ranges, as llama.cpp does ({@code
 * tokenizer_st_partition}: the longest first), but for those that touch a literal range, which llama.cpp cannot be told of.
 */
final class LiteralCutter {
    private static final int SPECIAL =
            Llama.TOKEN_ATTR_CONTROL | Llama.TOKEN_ATTR_UNKNOWN | Llama.TOKEN_ATTR_USER_DEFINED;

    private final List<Special> tokens;

    /** A token that is cut out of texts before the model of the vocabulary sees them. */
    private record Special(int id, String text, boolean control, boolean leftStrip, boolean rightStrip) {}

    /** A part of a text: a token, or where that is -1 a text. */
    record Part(int token, String text) {}

    /** A range of the text that is still to be searched, or a token. */
    private record Fragment(int token, int start, int end) {
        boolean isText() {
            return token < 0;
        }
    }

    private LiteralCutter(List<Special> tokens) {
        this.tokens = tokens;
    }

    static LiteralCutter of(LlamaVocabulary vocabulary) {
        Set<Integer> ids = vocabulary.withAttributes(SPECIAL);
        List<Special> tokens = ids.stream()
                .map(id -> new Special(
                        id,
                        vocabulary.name(id),
                        vocabulary.has(id, Llama.TOKEN_ATTR_CONTROL | Llama.TOKEN_ATTR_UNKNOWN),
                        vocabulary.has(id, Llama.TOKEN_ATTR_LSTRIP),
                        vocabulary.has(id, Llama.TOKEN_ATTR_RSTRIP)))
                .filter(token -> token.control() || steers(token.text()))
                .filter(token -> !token.text().isEmpty())
                .sorted(Comparator.comparingInt(token -> -token.text().getBytes(StandardCharsets.UTF_8).length))
                .toList();
        return new LiteralCutter(tokens);
    }

    /** One character, or white space alone, is text like any other. */
    private static boolean steers(String text) {
        return text.codePointCount(0, text.length()) > 1
                && !text.codePoints().allMatch(c -> c == '▁' || Character.isWhitespace(c));
    }

    /** Whether a special token is written in the text so that it touches a literal range. */
    boolean concerns(MarkedText text) {
        if (text.literals().isEmpty()) {
            return false;
        }
        for (Special token : tokens) {
            int length = token.text().length();
            for (int at = text.text().indexOf(token.text());
                    at >= 0;
                    at = text.text().indexOf(token.text(), at + 1)) {
                if (text.isLiteral(at, at + length)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The parts of a text, in their order. */
    List<Part> cut(MarkedText text) {
        List<Fragment> fragments = List.of(new Fragment(-1, 0, text.text().length()));
        for (Special token : tokens) {
            List<Fragment> next = new ArrayList<>();
            for (Fragment fragment : fragments) {
                if (fragment.isText()) {
                    cut(text, token, fragment, next);
                } else {
                    next.add(fragment);
                }
            }
            fragments = next;
        }
        return fragments.stream()
                .map(fragment -> new Part(fragment.token(), text.text().substring(fragment.start(), fragment.end())))
                .toList();
    }

    private static void cut(MarkedText marked, Special token, Fragment fragment, List<Fragment> into) {
        String text = marked.text();
        int length = token.text().length();
        int start = fragment.start();
        int at = text.indexOf(token.text(), start);
        while (at >= 0 && at + length <= fragment.end()) {
            if (marked.isLiteral(at, at + length)) {
                if (!token.control()) {
                    // llama.cpp would find such a token in any text, so it is cut in two.
                    int middle = text.offsetByCodePoints(at, 1);
                    add(into, start, middle);
                    start = middle;
                }
                at = text.indexOf(token.text(), at + 1);
                continue;
            }
            int end = at;
            while (token.leftStrip() && end > start && isSpace(text.charAt(end - 1))) {
                end--;
            }
            add(into, start, end);
            into.add(new Fragment(token.id(), at, at + length));
            start = at + length;
            while (token.rightStrip() && start < fragment.end() && isSpace(text.charAt(start))) {
                start++;
            }
            at = text.indexOf(token.text(), start);
        }
        add(into, start, fragment.end());
    }

    private static void add(List<Fragment> into, int start, int end) {
        if (end > start) {
            into.add(new Fragment(-1, start, end));
        }
    }

    /** C's {@code isspace}. */
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
