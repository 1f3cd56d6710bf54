package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts added tokens out of a text as the Python tokenizers of Transformers do: {@code Trie.split} and the part of
 * {@code PreTrainedTokenizer.tokenize} behind it, version 4.40. A control-like token that touches literal text is left
 * in the text.
 */
final class AddedTokenSplitter {
    private static final class Node {
        final Map<Character, Node> children = new HashMap<>();

        @Nullable
        AddedToken token;
    }

    /** A part of a text, which is an added token or text for the model. */
    record Part(MarkedText text, @Nullable AddedToken token) {}

    private final Node root = new Node();
    private final Map<String, AddedToken> byContent = new HashMap<>();
    private int longest;

    AddedTokenSplitter(Iterable<AddedToken> tokens) {
        for (AddedToken token : tokens) {
            if (token.content().isEmpty()) {
                continue;
            }
            Node node = root;
            for (char c : token.content().toCharArray()) {
                node = node.children.computeIfAbsent(c, key -> new Node());
            }
            node.token = token;
            byContent.put(token.content(), token);
            longest = Math.max(longest, token.content().length());
        }
    }

    List<Part> split(MarkedText text) {
        List<MarkedText> parts = cut(text, cuts(text));
        List<@Nullable AddedToken> tokens = new ArrayList<>();
        for (MarkedText part : parts) {
            AddedToken token = byContent.get(part.text());
            tokens.add(token != null && counts(token, part, 0, part.text().length()) ? token : null);
        }
        for (int i = 0; i < parts.size(); i++) {
            AddedToken token = tokens.get(i);
            // A neighbour may have been joined to this part meanwhile.
            if (token != null && parts.get(i).text().equals(token.content())) {
                applyFlags(token, parts, i);
            }
        }
        List<Part> result = new ArrayList<>();
        for (MarkedText part : parts) {
            if (!part.text().isEmpty()) {
                AddedToken token = byContent.get(part.text());
                boolean counts =
                        token != null && counts(token, part, 0, part.text().length());
                result.add(new Part(part, counts ? token : null));
            }
        }
        return result;
    }

    /** Whether a control-like token is written in the text so that it touches a literal range. */
    boolean findsInLiteral(MarkedText marked) {
        String text = marked.text();
        int from = 0;
        for (MarkedText.Range range : marked.literals()) {
            int start = Math.max(from, range.start() - longest + 1);
            for (int i = start; i < range.end(); i++) {
                Node node = root;
                for (int end = i; node != null && end < text.length(); ) {
                    node = node.children.get(text.charAt(end++));
                    if (node != null
                            && node.token != null
                            && SymbolMatcher.isControl(node.token.content())
                            && marked.isLiteral(i, end)) {
                        return true;
                    }
                }
            }
            from = range.end();
        }
        return false;
    }

    private static void applyFlags(AddedToken token, List<MarkedText> parts, int i) {
        MarkedText left = i > 0 ? parts.get(i - 1) : MarkedText.of("");
        MarkedText right = i + 1 < parts.size() ? parts.get(i + 1) : MarkedText.of("");
        if (token.rightStrip() && !right.text().isEmpty()) {
            parts.set(i + 1, PythonText.stripLeft(right));
        }
        if (token.leftStrip() && !left.text().isEmpty()) {
            parts.set(i - 1, PythonText.stripRight(left));
        }
        if (token.singleWord() && !left.text().isEmpty() && !left.text().endsWith(" ")) {
            parts.set(i - 1, parts.get(i - 1).plus(parts.get(i)));
            parts.set(i, MarkedText.of(""));
        } else if (token.singleWord()
                && !right.text().isEmpty()
                && !right.text().startsWith(" ")) {
            parts.set(i + 1, parts.get(i).plus(parts.get(i + 1)));
            parts.set(i, MarkedText.of(""));
        }
    }

    private static List<MarkedText> cut(MarkedText text, List<Integer> cuts) {
        List<MarkedText> parts = new ArrayList<>();
        int start = 0;
        for (int end : cuts) {
            if (end > start) {
                parts.add(text.subText(start, end));
                start = end;
            }
        }
        return parts;
    }

    /** Where {@code Trie.split} cuts, its lookahead included, ascending. */
    private List<Integer> cuts(MarkedText marked) {
        String text = marked.text();
        List<Integer> cuts = new ArrayList<>();
        Map<Integer, Node> states = new LinkedHashMap<>();
        int skip = 0;
        for (int current = 0; current < text.length(); current++) {
            if (current < skip) {
                continue;
            }
            if (!states.isEmpty()) {
                char c = text.charAt(current);
                List<Integer> ended = new ArrayList<>();
                boolean found = false;
                for (Map.Entry<Integer, Node> state : states.entrySet()) {
                    Node node = state.getValue();
                    if (isMatch(node, marked, state.getKey(), current)) {
                        int[] range = lookAhead(marked, states, state.getKey(), current);
                        cuts.add(range[0]);
                        cuts.add(range[1]);
                        skip = range[1];
                        found = true;
                        break;
                    }
                    Node next = node.children.get(c);
                    if (next == null) {
                        ended.add(state.getKey());
                    } else {
                        state.setValue(next);
                    }
                }
                if (found) {
                    states.clear();
                } else {
                    ended.forEach(states::remove);
                }
            }
            if (current >= skip) {
                Node node = root.children.get(text.charAt(current));
                if (node != null) {
                    states.put(current, node);
                }
            }
        }
        for (Map.Entry<Integer, Node> state : states.entrySet()) {
            if (isMatch(state.getValue(), marked, state.getKey(), text.length())) {
                cuts.add(state.getKey());
                cuts.add(text.length());
                break;
            }
        }
        cuts.add(text.length());
        return cuts;
    }

    /** The longest match of the earliest start, not later than that of the match that was found. */
    private int[] lookAhead(MarkedText marked, Map<Integer, Node> states, int foundStart, int current) {
        String text = marked.text();
        int start = foundStart;
        int end = current;
        for (Map.Entry<Integer, Node> state : states.entrySet()) {
            int lookStart = state.getKey();
            if (lookStart > start) {
                break;
            }
            Node node = state.getValue();
            int at = lookStart < start ? current + 1 : current;
            if (isMatch(node, marked, lookStart, at)) {
                start = lookStart;
                end = at;
            }
            while (at < text.length()) {
                Node next = node.children.get(text.charAt(at));
                if (next == null) {
                    break;
                }
                node = next;
                at++;
                if (isMatch(node, marked, lookStart, at)) {
                    start = lookStart;
                    end = at;
                }
            }
        }
        return new int[] {start, end};
    }

    private static boolean isMatch(Node node, MarkedText text, int start, int end) {
        return node.token != null && counts(node.token, text, start, end);
    }

    private static boolean counts(AddedToken token, MarkedText text, int start, int end) {
        return !SymbolMatcher.isControl(token.content()) || !text.isLiteral(start, end);
    }
}
