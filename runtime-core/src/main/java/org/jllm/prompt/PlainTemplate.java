package org.jllm.prompt;

import java.util.List;
import org.jllm.api.Message;
import org.jllm.tokenizer.MarkedText;

/** The contents of the messages and nothing else, a line feed between them. For models that were not made for chat. */
public final class PlainTemplate implements PromptTemplate {
    /** Its name for {@link PromptTemplates#byName}. */
    public static final String NAME = "plain";

    private final PromptTokens tokens;

    private PlainTemplate(PromptTokens tokens) {
        this.tokens = tokens;
    }

    /** The form for a model with these special tokens. */
    public static PromptTemplate of(PromptTokens tokens) {
        return new PlainTemplate(tokens);
    }

    @Override
    public MarkedText render(List<Message> messages) {
        PromptText prompt = new PromptText();
        for (int i = 0; i < messages.size(); i++) {
            prompt.template(i == 0 ? "" : "\n").content(messages.get(i).content());
        }
        return prompt.mark(tokens);
    }

    @Override
    public String name() {
        return NAME;
    }
}
