package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encodes texts with a special token written in a literal range, which the Rust library cannot be told of: the text is
 * cut here at the special tokens that do count, and what is between them goes to a second tokenizer that knows none.
 */
final class LiteralText implements AutoCloseable {
    /** Stands before a text that is not the first, so that the library does not take it for the first. */
    private static final String NOT_FIRST = "\uE0F0\uE0F1\uE0F2";

    private final RustDefinition definition;
    private final NativeTokenizer library;
    private final AddedTokenSplitter splitter;
    private final Set<String> control = new HashSet<>();
    private @Nullable NativeTokenizer plain;
    private boolean closed;

    LiteralText(RustDefinition definition, NativeTokenizer library) {
        this.definition = definition;
        this.library = library;
        List<AddedToken> tokens = definition.addedById.values().stream()
                .filter(token -> SymbolMatcher.isControl(token.content()))
                .toList();
        tokens.forEach(token -> control.add(token.content()));
        splitter = new AddedTokenSplitter(tokens);
    }

    /** Whether a special token is written in the text so that it touches a literal range. */
    boolean concerns(MarkedText text) {
        return splitter.findsInLiteral(text);
    }

    int[] encode(MarkedText text, boolean addSpecialTokens) {
        NativeTokenizer tokenizer = plain();
        IntArray ids = new IntArray(text.text().length() / 2);
        // The tokens that are added around a text do not depend on it.
        int[] bare = library.encode("a", false);
        int[] framed = addSpecialTokens ? library.encode("a", true) : bare;
        int at = indexOf(framed, bare);
        ids.addAll(Arrays.copyOf(framed, at));
        boolean first = true;
        for (AddedTokenSplitter.Part part : splitter.split(text)) {
            AddedToken token = part.token();
            String content = part.text().text();
            if (token != null) {
                ids.add(definition.ids.getOrDefault(content, 0));
            } else if (first) {
                ids.addAll(tokenizer.encode(content, false));
            } else {
                int[] encoded = tokenizer.encode(NOT_FIRST + content, false);
                ids.addAll(Arrays.copyOfRange(encoded, 1, encoded.length));
            }
            first = false;
        }
        ids.addAll(Arrays.copyOfRange(framed, at + bare.length, framed.length));
        return ids.toArray();
    }

    private static int indexOf(int[] all, int[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalStateException("the post-processor changes the ids of a text");
    }

    private synchronized NativeTokenizer plain() {
        if (closed) {
            throw new IllegalStateException("this tokenizer is closed");
        }
        NativeTokenizer made = plain;
        if (made == null) {
            made = new NativeTokenizer(withoutControl().toString(), definition.name);
            plain = made;
        }
        return made;
    }

    private ObjectNode withoutControl() {
        ObjectNode root = definition.root.deepCopy();
        root.putNull("post_processor");
        ArrayNode added = root.putArray("added_tokens");
        for (JsonNode token : definition.root.path("added_tokens")) {
            int id = token.path("id").asInt();
            if (!control.contains(token.path("content").asText())) {
                added.add(token);
            } else if (id >= definition.vocabularySize) {
                // The library numbers by place: so that place has to be taken.
                added.add(RustDefinition.node(id, AddedToken.special(NOT_FIRST + id)));
            }
        }
        int next = definition.names.keySet().stream().max(Integer::compare).orElse(0) + 1;
        added.add(RustDefinition.node(next, AddedToken.special(NOT_FIRST)));
        if (root.path("model") instanceof ObjectNode model) {
            removePieces(model);
        }
        return root;
    }

    /** The model itself may have a piece that reads like a special token. */
    private void removePieces(ObjectNode model) {
        if (model.path("vocab") instanceof ArrayNode pieces) {
            for (int id = 0; id < pieces.size(); id++) {
                if (pieces.get(id) instanceof ArrayNode piece
                        && control.contains(piece.path(0).asText())) {
                    piece.set(0, NOT_FIRST + id);
                }
            }
        }
        if (model.path("merges") instanceof ArrayNode merges) {
            for (int i = merges.size() - 1; i >= 0; i--) {
                JsonNode merge = merges.get(i);
                String whole = merge.isArray()
                        ? merge.path(0).asText() + merge.path(1).asText()
                        : merge.asText().replace(" ", "");
                if (control.contains(whole)) {
                    merges.remove(i);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (plain != null) {
            plain.close();
        }
    }
}
