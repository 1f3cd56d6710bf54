package org.jllm.generation;

import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.jllm.api.RunningGeneration;
import org.jllm.prompt.PromptTemplate;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;

/** A language model on an engine, whose requests a {@link Scheduler} computes together. */
public final class LoadedModel implements LanguageModel {
    private final String name;
    private final DecoderBackend backend;
    private final Tokenizer tokenizer;
    private final Optional<PromptTemplate> template;
    private final GenerationOptions defaults;
    private final int contextLength;
    private final int vocabularySize;
    private final Scheduler scheduler;
    private final SchedulerThread thread;
    private boolean closed;

    /** A model with the default limits. */
    public LoadedModel(
            String name,
            DecoderBackend backend,
            Tokenizer tokenizer,
            Optional<PromptTemplate> template,
            GenerationOptions defaults,
            Set<Integer> endIds) {
        this(name, backend, tokenizer, template, defaults, endIds, SchedulerLimits.defaults());
    }

    /**
     * Takes over the engine and the tokenizer: closing the model closes both.
     *
     * @param defaults what a request does not say
     * @param endIds ids that end a text
     * @param limits of what is computed together
     */
    public LoadedModel(
            String name,
            DecoderBackend backend,
            Tokenizer tokenizer,
            Optional<PromptTemplate> template,
            GenerationOptions defaults,
            Set<Integer> endIds,
            SchedulerLimits limits) {
        this.name = name;
        this.backend = backend;
        this.tokenizer = tokenizer;
        this.template = template;
        this.defaults = defaults;
        contextLength = backend.capabilities().contextLength();
        vocabularySize = backend.capabilities().vocabularySize();
        scheduler = new Scheduler(
                backend, tokenizer, TemplateStops.added(endIds, template, tokenizer), limits, System::nanoTime);
        thread = new SchedulerThread(name, scheduler);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public Optional<String> template() {
        return template.map(PromptTemplate::name);
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public RunningGeneration start(GenerationRequest request, GenerationObserver observer) {
        GenerationOptions options = request.options().orElse(defaults);
        int[] prompt = tokenize(request.prompt());
        if (template.isEmpty() || !(request.prompt() instanceof Prompt.Chat)) {
            return scheduler.submit(request, prompt, options, observer);
        }
        return scheduler.submit(
                request,
                prompt,
                TemplateStops.added(options, template.get()),
                template.get().lineFeed(),
                observer);
    }

    @Override
    public GenerationStream stream(GenerationRequest request) {
        return new QueuedStream(observer -> start(request, observer));
    }

    @Override
    public int[] tokenize(Prompt prompt) {
        if (prompt instanceof Prompt.Tokens tokens) {
            return tokens.ids();
        }
        if (prompt instanceof Prompt.Text text) {
            return PromptEncoder.encode(MarkedText.of(text.text()), tokenizer, true);
        }
        Prompt.Chat chat = (Prompt.Chat) prompt;
        PromptTemplate chosen =
                template.orElseThrow(() -> new InvalidRequestException(name + " is a base model without a"
                        + " chat template: let it continue a text, or choose a template such as 'plain'"));
        return PromptEncoder.encode(chosen.render(chat.messages()), tokenizer, chosen.addSpecialTokens());
    }

    @Override
    public String detokenize(int[] ids) {
        int most = Math.max(vocabularySize, tokenizer.size());
        for (int id : ids) {
            if (id < 0 || id >= most) {
                throw new InvalidRequestException("token " + id + " is outside the model's vocabulary of " + most);
            }
        }
        // Some models have more logits than their tokenizer has tokens; these stand for nothing.
        return tokenizer.decode(
                IntStream.of(ids).filter(id -> id < tokenizer.size()).toArray(), false);
    }

    @Override
    public ModelStatistics statistics() {
        return scheduler.statistics();
    }

    @Override
    public void cancelAll() {
        scheduler.cancelAll();
    }

    @Override
    public void close() {
        thread.close();
        synchronized (this) {
            if (!closed) {
                closed = true;
                backend.close();
                tokenizer.close();
            }
        }
    }
}
