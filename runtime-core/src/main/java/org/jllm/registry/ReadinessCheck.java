package org.jllm.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Task;
import org.jllm.catalogue.TokenizerHint;
import org.jllm.catalogue.WeightFormat;
import org.jllm.catalogue.Weights;
import org.jllm.generation.ModelLoader;
import org.jllm.registry.Readiness.State;
import org.jllm.tokenizer.Tokenizers;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the catalogue says of models with what the engines say of themselves: their architectures, the forms of
 * weights and the tokenizers that they read. Touches nothing native. Safe for use by several threads.
 */
public final class ReadinessCheck {
    private static final Set<Task> WITHOUT_TEXT = Set.of(Task.SPEECH_EMBEDDING, Task.TEXT_TO_IMAGE);
    /** Programs that only their makers have. */
    private static final Set<String> UNOBTAINABLE = Set.of("ssuw");
    /** Engines that models have siblings for. */
    private static final List<String> SIBLINGS = List.of("gguf", "onnx");

    private final List<ModelLoader> loaders;
    private final TokenizerSupport tokenizers = new TokenizerSupport();

    /** @param loaders the engines that there are */
    public ReadinessCheck(List<ModelLoader> loaders) {
        this.loaders = List.copyOf(loaders);
    }

    /** Whether a model runs; where its sibling for another engine does and the model itself does not, that counts. */
    public Readiness of(Entry entry) {
        String impossible = impossible(entry);
        if (impossible != null) {
            return new Readiness(State.CANNOT, null, false, List.of(impossible));
        }
        List<String> lacks = lacks(entry);
        if (!lacks.isEmpty()) {
            return SIBLINGS.stream()
                    .filter(engine -> siblingRuns(entry, engine))
                    .findFirst()
                    .map(engine -> new Readiness(State.RUNS, engine, true, List.of()))
                    .orElseGet(() -> new Readiness(State.NOT_YET, entry.loader(), false, lacks));
        }
        if (entry.license().gated() || entry.weights().baseGated()) {
            String base = entry.weights().adapterBase();
            String page = entry.license().gated() || base == null ? entry.id() : base;
            return new Readiness(
                    State.NEEDS_LICENSE, entry.loader(), false, List.of("accept the licence on the page of " + page));
        }
        if (!entry.requires().isEmpty()) {
            return new Readiness(
                    State.NEEDS_PROGRAM, entry.loader(), false, List.of(String.join(", ", entry.requires())));
        }
        return new Readiness(State.RUNS, entry.loader(), false, List.of());
    }

    private static @Nullable String impossible(Entry entry) {
        if (entry.weights().availability() == Weights.Availability.NONE) {
            return "its weights are not public";
        }
        if (entry.tasks().equals(List.of(Task.TEXT_TO_IMAGE))) {
            return "it draws images, and jllm runs language models";
        }
        for (String program : entry.requires()) {
            if (UNOBTAINABLE.contains(program)) {
                return "it needs the program " + program + ", which is not public";
            }
        }
        return null;
    }

    /** What its engine would have to learn. */
    private List<String> lacks(Entry entry) {
        ModelLoader loader = loader(entry.loader());
        if (loader == null) {
            return List.of("the engine " + entry.loader());
        }
        List<String> lacks = new ArrayList<>();
        if (!loader.architectures().contains(entry.architecture())) {
            lacks.add("the architecture " + entry.architecture());
        }
        WeightFormat format = entry.weights().format();
        if (!loader.formats().contains(format)) {
            lacks.add("weights in the form " + format.key());
        }
        if (format != WeightFormat.GGUF && !WITHOUT_TEXT.containsAll(entry.tasks())) {
            String tokenizer = tokenizer(entry.tokenizer());
            if (tokenizer != null) {
                lacks.add(tokenizer);
            }
        }
        return lacks;
    }

    private @Nullable String tokenizer(TokenizerHint hint) {
        if (hint.kind() != null) {
            return Tokenizers.kinds().contains(hint.kind()) ? null : "the tokenizer " + hint.kind();
        }
        if (hint.className() != null) {
            return tokenizers.reads(hint.className()) ? null : "the tokenizer " + hint.className();
        }
        return "a tokenizer that is not known";
    }

    private boolean siblingRuns(Entry entry, String engine) {
        ModelLoader loader = loader(engine);
        return entry.siblings().on(engine) != null
                && loader != null
                && loader.architectures().contains(entry.architecture());
    }

    private @Nullable ModelLoader loader(String engine) {
        return loaders.stream()
                .filter(loader -> loader.engine().equals(engine))
                .findFirst()
                .orElse(null);
    }
}
