package org.jllm.prompt;

import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Message;
import org.jllm.api.Message.Role;
import org.jllm.tokenizer.MarkedText;

/**
 * The form of Llama 2 chat models, as Meta's reference builds it: {@code [INST] … [/INST] …}, each turn between BOS and
 * EOS, a system message between {@code <<SYS>>} and {@code <</SYS>>} in the first question.
 */
public final class Llama2Template implements PromptTemplate {
    /** Its name for {@link PromptTemplates#byName}. */
    public static final String NAME = "llama-2";

    private final PromptTokens tokens;

    private Llama2Template(PromptTokens tokens) {
        this.tokens = tokens;
    }

    /** The form with the special tokens of a model. */
    public static PromptTemplate of(PromptTokens tokens) {
        return new Llama2Template(tokens);
    }

    @Override
    public MarkedText render(List<Message> messages) {
        boolean system = !messages.isEmpty() && messages.get(0).role() == Role.SYSTEM;
        List<Message> turns = messages.subList(system ? 1 : 0, messages.size());
        check(turns);
        PromptText prompt = new PromptText();
        for (int i = 0; i < turns.size(); i++) {
            PromptText content = new PromptText();
            if (i == 0 && system) {
                content.template("<<SYS>>\n").content(messages.get(0).content()).template("\n<</SYS>>\n\n");
            }
            content.content(turns.get(i).content());
            boolean answer = turns.get(i).role() == Role.ASSISTANT;
            prompt.template(answer ? " " : tokens.role("bos_token") + "[INST] ")
                    .stripped(content)
                    .template(answer ? " " + tokens.role("eos_token") : " [/INST]");
        }
        return prompt.mark(tokens);
    }

    private static void check(List<Message> turns) {
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).role() != (i % 2 == 0 ? Role.USER : Role.ASSISTANT)) {
                throw new InvalidRequestException("the llama-2 form takes user and assistant messages in turn, after at"
                        + " most one system message, but message " + (i + 1) + " of the turns is from the "
                        + turns.get(i).role().wireName());
            }
        }
        if (turns.size() % 2 == 0) {
            throw new InvalidRequestException("the llama-2 form needs a user message at the end");
        }
    }

    @Override
    public String name() {
        return NAME;
    }
}
