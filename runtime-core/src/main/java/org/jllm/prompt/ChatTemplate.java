package org.jllm.prompt;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Message;
import org.jllm.prompt.jinja.JinjaException;
import org.jllm.prompt.jinja.Template;
import org.jllm.prompt.jinja.Text;
import org.jllm.tokenizer.MarkedText;

/**
 * A model's own Jinja template, rendered as Transformers' {@code apply_chat_template} does with
 * {@code add_generation_prompt=True}: the template sees {@code messages}, the special tokens by their roles, and
 * {@code tools} and {@code documents} as none.
 */
public final class ChatTemplate implements PromptTemplate {
    private static final int MOST_WORDS = 500;

    private final Template template;
    private final PromptTokens tokens;
    private final Clock clock;

    private ChatTemplate(Template template, PromptTokens tokens, Clock clock) {
        this.template = template;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Parses a template.
     *
     * @param origin where the template comes from, for error messages
     * @throws InvalidModelException if it is not Jinja; the message names the line
     */
    public static ChatTemplate parse(String template, String origin, PromptTokens tokens) {
        return parse(template, origin, tokens, Clock.systemDefaultZone());
    }

    static ChatTemplate parse(String template, String origin, PromptTokens tokens, Clock clock) {
        try {
            return new ChatTemplate(Template.parse(template), tokens, clock);
        } catch (JinjaException e) {
            throw new InvalidModelException(
                    "the chat template of " + origin + " is no valid Jinja: " + oneLine(e)
                            + "; give another one with --chat-template",
                    e);
        }
    }

    @Override
    public MarkedText render(List<Message> messages) {
        Map<String, Object> variables = new HashMap<>(tokens.byRole());
        variables.replaceAll((role, token) -> Text.of((String) token));
        variables.put("messages", messages.stream().map(ChatTemplate::variables).toList());
        variables.put("add_generation_prompt", true);
        variables.put("tools", Optional.empty());
        variables.put("documents", Optional.empty());
        try {
            return LiteralRanges.mark(template.render(variables, clock), tokens.special());
        } catch (JinjaException e) {
            throw new InvalidRequestException("the model's chat template does not take this chat: " + oneLine(e), e);
        }
    }

    private static Map<String, Text> variables(Message message) {
        // An ordered map: a template may print it.
        Map<String, Text> variables = new LinkedHashMap<>();
        variables.put("role", Text.of(message.role().wireName()));
        variables.put("content", Text.content(message.content()));
        return variables;
    }

    private static String oneLine(JinjaException e) {
        String words = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        return words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + "…" : words;
    }

    @Override
    public String name() {
        return "chat_template";
    }
}
