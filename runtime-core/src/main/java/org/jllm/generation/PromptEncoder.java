package org.jllm.generation;

import java.util.OptionalInt;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;

/**
 * The ids of a text that the model is to go on from, with one BOS: the text's own if it begins with one, else the
 * tokenizer's.
 */
public final class PromptEncoder {
    private PromptEncoder() {}

    /**
     * The ids of a text.
     *
     * @param addSpecialTokens false: as the text is, with no BOS but its own
     */
    public static int[] encode(MarkedText text, Tokenizer tokenizer, boolean addSpecialTokens) {
        int[] bare = tokenizer.encode(text, false);
        if (!addSpecialTokens) {
            return bare;
        }
        OptionalInt bos = tokenizer.specialTokens().bos();
        if (bos.isPresent() && bare.length > 0 && bare[0] == bos.getAsInt()) {
            return bare;
        }
        int[] added = tokenizer.encode(text, true);
        // A tokenizer that ends its texts would end the prompt before the answer begins.
        boolean begins = bos.isPresent() && added.length > 0 && added[0] == bos.getAsInt();
        if (!begins) {
            return bare;
        }
        int[] ids = new int[bare.length + 1];
        ids[0] = bos.getAsInt();
        System.arraycopy(bare, 0, ids, 1, bare.length);
        return ids;
    }
}
