package org.jllm.prompt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.Message;
import org.jllm.tokenizer.MarkedText;

/** A form of {@code templates.yaml} with the special tokens of a model. */
final class DeclaredTemplate implements PromptTemplate {
    private static final Pattern LINE_FEED = Pattern.compile("\r\n?|\n");

    private final TemplateForm form;
    private final String name;
    private final Map<String, Integer> arguments;
    private final PromptTokens tokens;

    /**
     * A template for a model.
     *
     * @param name with its arguments, as it was asked for
     * @param arguments the value of each
     */
    DeclaredTemplate(TemplateForm form, String name, Map<String, Integer> arguments, PromptTokens tokens) {
        this.form = form;
        this.name = name;
        this.arguments = Map.copyOf(arguments);
        this.tokens = tokens;
    }

    @Override
    public MarkedText render(List<Message> messages) {
        Conversation chat = Conversation.of(messages, form);
        PromptText system = system(chat);
        PromptText prompt = new PromptText();
        if (!form.systemInQuestion()) {
            prompt.append(system);
        }
        for (Conversation.Turn turn : chat.turns()) {
            PromptText question = new PromptText();
            if (form.systemInQuestion() && turn == chat.turns().get(0)) {
                question.append(system);
            }
            Map<String, PromptText> values = values();
            values.put("content", trimmed(question.content(lines(turn.question()))));
            TemplateText text = form.user();
            if (turn.input() != null && form.withInput() != null) {
                values.put("input", trimmed(new PromptText().content(lines(turn.input()))));
                text = form.withInput();
            }
            text.write(prompt, values);
            if (turn.answer() != null && form.assistant() != null) {
                values.put("content", trimmed(new PromptText().content(lines(turn.answer()))));
                form.assistant().write(prompt, values);
            }
        }
        return prompt.mark(tokens);
    }

    /** The text around the system message, or nothing where there is none. */
    private PromptText system(Conversation chat) {
        PromptText block = new PromptText();
        if (form.system() != null && (chat.system() != null || !form.system().has("system"))) {
            Map<String, PromptText> values = values();
            String message = chat.system();
            if (message != null) {
                values.put("system", new PromptText().content(lines(message)));
            }
            form.system().write(block, values);
        }
        return block;
    }

    private Map<String, PromptText> values() {
        Map<String, PromptText> values = new HashMap<>();
        values.put("bos", new PromptText().template(tokens.role("bos_token")));
        values.put("eos", new PromptText().template(tokens.role("eos_token")));
        arguments.forEach((argument, value) -> values.put(argument, new PromptText().template(value.toString())));
        return values;
    }

    private PromptText trimmed(PromptText text) {
        return form.trim() ? new PromptText().stripped(text) : text;
    }

    private String lines(String content) {
        return form.lineFeed() == null
                ? content
                : LINE_FEED.matcher(content).replaceAll(Matcher.quoteReplacement(form.lineFeed()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean addSpecialTokens() {
        return form.addSpecialTokens();
    }

    @Override
    public List<String> stop() {
        return form.stop();
    }

    @Override
    public Optional<String> lineFeed() {
        return Optional.ofNullable(form.lineFeed());
    }
}
