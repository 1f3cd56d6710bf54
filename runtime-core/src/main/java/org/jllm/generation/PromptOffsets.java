package org.jllm.generation;

import java.util.OptionalInt;
import org.jllm.api.Prompt;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Where the tokens of a prompt begin in its text, counted in characters (code points). Special tokens stand in it by name, but
 * for the BOS that was put before a text. Not safe for use by several threads.
 */
final class PromptOffsets {
    private final Tokenizer tokenizer;
    private @Nullable StreamDecoder decoder;
    private boolean beforeText;
    private int offset;

    PromptOffsets(Prompt prompt, Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        OptionalInt bos = tokenizer.specialTokens().bos();
        beforeText = prompt instanceof Prompt.Text text
                && bos.isPresent()
                && !text.text().startsWith(tokenizer.token(bos.getAsInt()));
    }

    /** Adds a token; gives the place where it begins. */
    int next(int id) {
        int begin = offset;
        boolean put = beforeText && id == tokenizer.specialTokens().bos().orElse(-1);
        beforeText = false;
        if (!put && id < tokenizer.size()) {
            String text = decoder().push(id);
            offset += text.codePointCount(0, text.length());
        }
        return begin;
    }

    /** Most prompts are not scored and need none. */
    private StreamDecoder decoder() {
        StreamDecoder made = decoder;
        if (made == null) {
            made = new StreamDecoder(tokenizer.detokenizer(false));
            decoder = made;
        }
        return made;
    }
}
