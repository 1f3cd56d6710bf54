package org.jllm.prompt;

import org.jllm.prompt.jinja.TextBuilder;
import org.jllm.tokenizer.MarkedText;

/** Puts a prompt together without Jinja. */
final class PromptText {
    private final TextBuilder text = new TextBuilder();

    PromptText template(String chars) {
        text.append(chars, false);
        return this;
    }

    PromptText content(String chars) {
        text.append(chars, true);
        return this;
    }

    PromptText append(PromptText other) {
        text.append(other.text.toText());
        return this;
    }

    /** Another text without the white space around it. */
    PromptText stripped(PromptText other) {
        text.append(other.text.toText().strip());
        return this;
    }

    MarkedText mark(PromptTokens tokens) {
        return LiteralRanges.mark(text.toText(), tokens.special());
    }
}
