package org.jllm.embedding;

import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.encoding.EncoderInput;
import org.jllm.tokenizer.Tokenizer;

/** What is special in the tokens of a ColBERT model: its markers, its mask, what it drops. Immutable. */
final class ColbertTexts {
    /** Its first token is a place for the marker: the model was trained on texts that are cut into words behind one. */
    static final String PLACE = ". ";

    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final ColbertSettings settings;
    private final int queryMarker;
    private final int documentMarker;
    private final int mask;
    private final OptionalInt padding;
    private final Set<Integer> dropped = new HashSet<>();

    /** @throws InvalidModelException if the tokenizer has not the tokens that the settings name */
    ColbertTexts(ColbertSettings settings, Tokenizer tokenizer) {
        this.settings = settings;
        queryMarker = id(tokenizer, settings.queryMarker());
        documentMarker = id(tokenizer, settings.documentMarker());
        mask = id(tokenizer, tokenizer.specialTokens().byRole().getOrDefault("mask_token", "[MASK]"));
        String name = tokenizer.specialTokens().byRole().get("pad_token");
        padding = name == null ? OptionalInt.empty() : tokenizer.id(name);
        if (settings.dropsPunctuation()) {
            PUNCTUATION.chars().forEach(character -> {
                int[] ids = tokenizer.encode(Character.toString(character), false);
                if (ids.length > 0) {
                    dropped.add(ids[0]);
                }
            });
        }
        padding.ifPresent(dropped::add);
    }

    private static int id(Tokenizer tokenizer, String token) {
        return tokenizer
                .id(token)
                .orElseThrow(() -> new InvalidModelException(
                        "the tokenizer has no token '" + token + "', which a model of late interaction needs"));
    }

    /** A query with its marker, filled with masks. */
    EncoderInput query(EncoderInput read) {
        int[] ids = Arrays.copyOf(read.ids(), Math.max(read.length(), settings.queryTokens()));
        ids[1] = queryMarker;
        for (int i = 0; i < read.length(); i++) {
            ids[i] = isPadding(ids[i]) ? mask : ids[i];
        }
        Arrays.fill(ids, read.length(), ids.length, mask);
        EncoderInput filled = EncoderInput.of(ids);
        return settings.attendsToMasks() ? filled : filled.withUnseen(ids.length - read.length());
    }

    /** A document with its marker. */
    EncoderInput document(EncoderInput read) {
        int[] ids = read.ids().clone();
        ids[1] = documentMarker;
        return EncoderInput.of(ids);
    }

    /** Whether a token of a document has no vector. */
    boolean isDropped(int id) {
        return dropped.contains(id);
    }

    private boolean isPadding(int id) {
        return padding.isPresent() && padding.getAsInt() == id;
    }
}
