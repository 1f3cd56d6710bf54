package org.jllm.generation;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationResult;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;
import org.jllm.api.TextListener;
import org.jllm.prompt.PromptTemplate;
import org.jllm.tokenizer.Tokenizer;

/** A language model on an engine. Requests take turns, first come first served. */
public final class LoadedModel implements LanguageModel {
    private final String name;
    private final DecoderBackend backend;
    private final Tokenizer tokenizer;
    private final Optional<PromptTemplate> template;
    private final GenerationOptions defaults;
    private final Set<Integer> endIds;
    private final ReentrantLock turn = new ReentrantLock(true);

    /**
     * Takes over the engine and the tokenizer: closing the model closes both.
     *
     * @param defaults what a request does not say
     * @param endIds ids that end a text
     */
    public LoadedModel(
            String name,
            DecoderBackend backend,
            Tokenizer tokenizer,
            Optional<PromptTemplate> template,
            GenerationOptions defaults,
            Set<Integer> endIds) {
        this.name = name;
        this.backend = backend;
        this.tokenizer = tokenizer;
        this.template = template;
        this.defaults = defaults;
        this.endIds = Set.copyOf(endIds);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int contextLength() {
        return backend.capabilities().contextLength();
    }

    @Override
    public Optional<String> template() {
        return template.map(PromptTemplate::name);
    }

    @Override
    public GenerationResult generate(Prompt prompt, GenerationOptions options, TextListener listener) {
        int[] ids = ids(prompt);
        GenerationOptions merged = options.orElse(defaults);
        turn.lock();
        try {
            return new Generation(backend, tokenizer, endIds, merged, listener).run(ids);
        } finally {
            turn.unlock();
        }
    }

    private int[] ids(Prompt prompt) {
        if (prompt instanceof Prompt.Tokens tokens) {
            return tokens.ids();
        }
        if (prompt instanceof Prompt.Text text) {
            return tokenizer.encode(text.text(), true);
        }
        Prompt.Chat chat = (Prompt.Chat) prompt;
        PromptTemplate chosen =
                template.orElseThrow(() -> new InvalidRequestException(name + " is a base model without a"
                        + " chat template: let it continue a text, or choose a template such as 'plain'"));
        return ChatEncoder.encode(chosen.render(chat.messages()), tokenizer);
    }

    @Override
    public void close() {
        turn.lock();
        try {
            backend.close();
            tokenizer.close();
        } finally {
            turn.unlock();
        }
    }
}
