package org.jllm.encoding;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text for an encoder. What is not given takes the model's default. Immutable; the arrays are not copied.
 *
 * @param ids of its tokens, with the special ones that the model wants
 * @param types a token type for each token; null: all 0
 * @param positions a position for each token; null: the model's own rule
 * @param boxes for each token its place on the page: left, top, right, bottom; null: all 0
 * @param entities that it mentions
 * @param padding masked positions that would follow in a padded batch: they matter only to block-sparse attention, whose
 *     blocks they move
 * @param unseen how many tokens at the end see the others, but are seen by none
 * @param asked indices of the tokens whose logits over the vocabulary are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EncoderInput(
        int[] ids,
        int @Nullable [] types,
        int @Nullable [] positions,
        int @Nullable [][] boxes,
        Entities entities,
        int padding,
        int unseen,
        int[] asked) {
    private static final int[] NOTHING = {};

    /** A text of tokens alone. */
    public static EncoderInput of(int[] ids) {
        return new EncoderInput(ids, null, null, null, Entities.none(), 0, 0, NOTHING);
    }

    public EncoderInput withTypes(int[] each) {
        return new EncoderInput(ids, each, positions, boxes, entities, padding, unseen, asked);
    }

    public EncoderInput withPositions(int[] each) {
        return new EncoderInput(ids, types, each, boxes, entities, padding, unseen, asked);
    }

    public EncoderInput withBoxes(int[][] each) {
        return new EncoderInput(ids, types, positions, each, entities, padding, unseen, asked);
    }

    public EncoderInput withEntities(Entities mentioned) {
        return new EncoderInput(ids, types, positions, boxes, mentioned, padding, unseen, asked);
    }

    public EncoderInput withPadding(int masked) {
        return new EncoderInput(ids, types, positions, boxes, entities, masked, unseen, asked);
    }

    /** Hides tokens at the end from all tokens. */
    public EncoderInput withUnseen(int tokens) {
        return new EncoderInput(ids, types, positions, boxes, entities, padding, tokens, asked);
    }

    /** Asks for the logits over the vocabulary of these tokens, by their index. */
    public EncoderInput asking(int... tokens) {
        return new EncoderInput(ids, types, positions, boxes, entities, padding, unseen, tokens);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    /**
     * What does not fit a model, in words; empty if all does.
     *
     * @param capabilities of the model
     */
    public Optional<String> misfit(EncoderCapabilities capabilities) {
        return InputCheck.misfit(this, capabilities);
    }
}
