package org.jllm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.GenerationOptions;
import org.jllm.api.JllmException;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;
import org.jllm.api.MaskedLanguageModel;
import org.jllm.api.TextClassifier;
import org.jllm.api.TextSimilarity;
import org.jllm.api.UnsupportedModelException;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.Settings;
import org.jllm.catalogue.Task;
import org.jllm.catalogue.TemplateChoice;
import org.jllm.catalogue.TokenizerHint;
import org.jllm.checkpoint.Conversion;
import org.jllm.checkpoint.peft.PeftAdapter;
import org.jllm.embedding.CosineSimilarity;
import org.jllm.embedding.EmbedderEncoder;
import org.jllm.embedding.EmbeddingPlan;
import org.jllm.embedding.EncoderEmbeddings;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderModel;
import org.jllm.encoding.GapFiller;
import org.jllm.encoding.LabelGiver;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.GenerationConfig;
import org.jllm.generation.LoadedModel;
import org.jllm.generation.MemoryNeeds;
import org.jllm.generation.ModelDescription;
import org.jllm.generation.ModelLoader;
import org.jllm.generation.SchedulerLimits;
import org.jllm.hub.ModelFiles;
import org.jllm.hub.PullObserver;
import org.jllm.machine.Machine;
import org.jllm.prompt.PromptTemplate;
import org.jllm.prompt.PromptTemplates;
import org.jllm.prompt.PromptTokens;
import org.jllm.registry.MemoryOfTwo;
import org.jllm.registry.MemoryPlan;
import org.jllm.registry.Readiness;
import org.jllm.registry.ReadinessCheck;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The runtime: a catalogue of models, the settings of a user, and the engines on the class path. Immutable and safe for
 * use by several threads.
 */
public final class Jllm {
    private static final Set<Task> CONTINUING = EnumSet.of(Task.CHAT, Task.COMPLETION);

    private final Catalogue catalogue;
    private final Settings settings;
    private final ModelFiles files;
    private final PullObserver downloads;
    private final List<ModelLoader> loaders;
    private final ReadinessCheck readiness;

    Jllm(Catalogue catalogue, Settings settings, ModelFiles files, PullObserver downloads) {
        this.catalogue = catalogue;
        this.settings = settings;
        this.files = files;
        this.downloads = downloads;
        loaders = ServiceLoader.load(ModelLoader.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        readiness = new ReadinessCheck(loaders);
    }

    /**
     * The runtime with the catalogue of this version and the settings of the user who runs the process.
     *
     * @throws org.jllm.api.InvalidSettingException if a setting is unknown or out of range
     */
    public static Jllm ofUser() {
        return builder().build();
    }

    /** A runtime of one's own: another catalogue, other settings. */
    public static JllmBuilder builder() {
        return new JllmBuilder();
    }

    /**
     * Opens a model with the user's settings.
     *
     * @param model an id or alias of the catalogue, a folder in Hugging Face layout, or a {@code .gguf} file
     * @throws JllmException if it cannot be found or loaded; the message says what to do
     */
    public static LanguageModel open(String model) {
        return ofUser().load(model, LoadOptions.none());
    }

    /** The models that this runtime knows by name. */
    public Catalogue catalogue() {
        return catalogue;
    }

    /** Where the files of models are. */
    public ModelFiles files() {
        return files;
    }

    /** The environment's settings over those of the user's configuration file. */
    public Settings settings() {
        return settings;
    }

    /** The system message that a model's chats begin with by the user's settings or its catalogue entry; null if none. */
    public @Nullable String system(String model) {
        return settings.orElse(catalogue.resolve(model).settings()).system();
    }

    /**
     * Loads a model; what the options do not say, the settings decide. Files that are not on this machine are downloaded
     * first, unless the settings say {@code offline}.
     */
    public LanguageModel load(String model, LoadOptions options) {
        return load(model, options, fraction -> {});
    }

    /** Loads a model; the listener hears how much of it is, from 0 to 1, where its engine can tell. */
    public LanguageModel load(String model, LoadOptions options, DoubleConsumer progress) {
        CompletableFuture<Void> warmUp = loader(engine(model, options)).warmUp();
        try {
            return load(target(model, options), progress);
        } catch (RuntimeException | Error e) {
            // A process that ends in the middle of that could crash.
            warmUp.join();
            throw e;
        }
    }

    private LanguageModel load(Target target, DoubleConsumer progress) {
        ModelLoader loader = target.loader();
        LoadOptions fitting = target.fittingOptions();
        // Tokenizer and settings come up beside the weights. Where several fail, the error is that of the weights, else
        // that of the tokenizer, whichever came first.
        CompletableFuture<Tokenizer> tokenizing = CompletableFuture.supplyAsync(() -> loadTokenizer(target));
        CompletableFuture<GenerationConfig> configuring = CompletableFuture.supplyAsync(
                () -> loader.loadGenerationConfig(target.paths().generation()));
        Optional<DecoderBackend> loaded = Optional.empty();
        try {
            DecoderBackend backend = loader.loadDecoder(target.paths().weights(), fitting, progress);
            loaded = Optional.of(backend);
            Tokenizer tokenizer = join(tokenizing);
            GenerationConfig config = join(configuring);
            GenerationOptions defaults = settings.generation()
                    .orElse(target.source().settings().generation())
                    .orElse(config.options());
            return new LoadedModel(
                    target.source().name(),
                    backend,
                    tokenizer,
                    target.template(tokenizer),
                    defaults,
                    endIds(config, tokenizer),
                    SchedulerLimits.defaults()
                            .withGuesses(Objects.requireNonNullElse(
                                    fitting.promptLookup(), LoadOptions.AUTO_PROMPT_LOOKUP)));
        } catch (RuntimeException | Error e) {
            loaded.ifPresent(DecoderBackend::close);
            tokenizing.whenComplete((tokenizer, failure) -> {
                if (tokenizer != null) {
                    tokenizer.close();
                }
            });
            throw e;
        }
    }

    /**
     * Downloads what is missing, or newer on the hub, of a model's files.
     *
     * @param model a name as for {@link #open}; {@code NAME@REVISION} pins a branch, a tag or a commit
     * @param options whose engine says which files are wanted
     * @param file of several {@code .gguf} files the one with this in its name; null: the one that is liked best
     * @return the model's folder in Hugging Face layout, or its {@code .gguf} file
     * @throws JllmException if they cannot be downloaded; the message says what to do
     */
    public Path pull(String model, LoadOptions options, @Nullable String file) {
        ModelSource resolved = catalogue.resolve(model);
        String engine = engine(resolved, options.orElse(settings.load()));
        return files.pull(resolved.on(engine), engine, file, downloads);
    }

    private static String engine(ModelSource source, LoadOptions asked) {
        String chosen = asked.orElse(source.settings().load()).engine();
        return chosen == null ? source.loader() : chosen;
    }

    /**
     * Writes a model anew with its weights as safetensors, whole: unpacked, and merged with its adapters.
     *
     * @param out the new folder; it must not exist, or be empty
     * @param progress takes the part that is done, from 0 to 1
     * @throws JllmException if the model cannot be read or the folder cannot be written
     */
    public Conversion.Result convert(String model, LoadOptions options, Path out, DoubleConsumer progress) {
        Target target = target(model, options);
        ModelPaths paths = target.paths();
        List<Path> more = Stream.of(paths.texts(), paths.generation())
                .filter(folder -> !folder.equals(paths.weights()))
                .distinct()
                .toList();
        return target.loader().convert(paths.weights(), target.options(), more, out, progress);
    }

    /** Loads only the decoder, for measurements. */
    public DecoderBackend loadDecoder(String model, LoadOptions options) {
        Target target = target(model, options);
        return target.loader().loadDecoder(target.paths().weights(), target.fittingOptions());
    }

    /**
     * Loads an encoder that fills gaps in texts.
     *
     * @throws UnsupportedModelException if the model is none
     */
    public MaskedLanguageModel loadMaskedLanguageModel(String model, LoadOptions options) {
        return new GapFiller(loadEncoderModel(model, options));
    }

    /**
     * Loads an encoder that labels texts or their tokens.
     *
     * @throws UnsupportedModelException if the model is none
     */
    public TextClassifier loadTextClassifier(String model, LoadOptions options) {
        return new LabelGiver(loadEncoderModel(model, options));
    }

    /**
     * Loads an encoder that tells how alike texts are.
     *
     * @throws UnsupportedModelException if the model is no encoder
     */
    public TextSimilarity loadTextSimilarity(String model, LoadOptions options) {
        return new CosineSimilarity(loadEmbeddingModel(model, options));
    }

    /**
     * Opens a model that makes vectors of texts with the user's settings.
     *
     * @param model an id or alias of the catalogue, a folder in Hugging Face or sentence-transformers layout, or a
     *     {@code .gguf} file
     * @throws JllmException if it cannot be found or loaded; the message says what to do
     */
    public static EmbeddingModel openEmbeddingModel(String model) {
        return ofUser().loadEmbeddingModel(model, LoadOptions.none());
    }

    /**
     * Loads a model that makes vectors of texts, as its folder says, or else as the catalogue says.
     *
     * @throws UnsupportedModelException if the model makes none, or its folder has modules that are not known
     */
    public EmbeddingModel loadEmbeddingModel(String model, LoadOptions options) {
        Target target = target(model, options);
        Entry entry = target.source().entry();
        EmbeddingPlan plan = EmbeddingPlan.read(
                target.loader().folder(target.paths().root()), entry == null ? null : entry.pooling());
        Tokenizer tokenizer = loadTokenizer(target);
        EncoderBackend backend;
        try {
            backend = loadVectors(target, tokenizer);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
        return new EncoderEmbeddings(target.source().name(), plan, backend, tokenizer);
    }

    /** An encoder, or a model whose engine makes vectors of what it reads. */
    private static EncoderBackend loadVectors(Target target, Tokenizer tokenizer) {
        Path weights = target.paths().weights();
        return target.loader().isEncoder(weights)
                ? target.loader().loadEncoder(weights, target.fittingOptions())
                : new EmbedderEncoder(target.loader().loadEmbedder(weights, target.fittingOptions()), tokenizer.size());
    }

    private EncoderModel loadEncoderModel(String model, LoadOptions options) {
        Target target = target(model, options);
        EncoderBackend backend = target.loader().loadEncoder(target.paths().weights(), target.fittingOptions());
        try {
            return new EncoderModel(target.source().name(), backend, loadTokenizer(target));
        } catch (RuntimeException | Error e) {
            backend.close();
            throw e;
        }
    }

    /**
     * Whether a model makes vectors of texts, and does not continue them, when it is loaded with these options. Where the
     * catalogue does not tell, its files do, which are downloaded if they are not here.
     */
    public boolean isEmbedder(String model, LoadOptions options) {
        Entry entry = catalogue.resolve(model).entry();
        if (entry != null && entry.tasks().stream().anyMatch(CONTINUING::contains)) {
            return false;
        }
        if (entry != null && entry.tasks().contains(Task.EMBEDDING)) {
            return true;
        }
        Target target = target(model, options);
        return target.loader().isEmbedder(target.paths().weights());
    }

    /** Whether a model reads texts and does not continue them. */
    public boolean isEncoder(String model) {
        return isEncoder(model, LoadOptions.none());
    }

    /** Whether a model reads texts and does not continue them, on the engine of these options. */
    public boolean isEncoder(String model, LoadOptions options) {
        Target target = target(model, options);
        return target.loader().isEncoder(target.paths().weights());
    }

    /** Loads only an encoder, for measurements. */
    public EncoderBackend loadEncoder(String model, LoadOptions options) {
        Target target = target(model, options);
        return target.loader().loadEncoder(target.paths().weights(), target.fittingOptions());
    }

    /** Loads only the tokenizer, without touching the weights. */
    public Tokenizer loadTokenizer(String model, LoadOptions options) {
        Target target = target(model, options);
        return loadTokenizer(target);
    }

    /** Which tokenizer a model has and why, in one line; empty where its engine has no choice. */
    public Optional<String> describeTokenizer(String model) {
        Target target = target(model, LoadOptions.none());
        return target.loader()
                .describeTokenizer(
                        tokenizerPath(target),
                        target.hint().kind(),
                        target.options().words());
    }

    /** What a model's files say of it. */
    public ModelDescription describe(String model) {
        Target target = target(model, LoadOptions.none());
        return target.loader().describe(target.paths().weights());
    }

    /** What an adapter's files say of it; empty if the model is none. Its base need not be on this machine. */
    public Optional<AdapterDescription> adapter(String model) {
        ModelSource source = catalogue.resolve(model);
        Path folder = files.locate(source);
        return PeftAdapter.isIn(folder)
                ? Optional.of(new AdapterDescription(
                        PeftAdapter.form(folder),
                        ModelPaths.name(source, folder).orElse(null)))
                : Optional.empty();
    }

    /** What a model whose files are here will take with these options; nothing of it is loaded. */
    public MemoryNeeds memory(String model, LoadOptions options) {
        return target(model, options).needs();
    }

    /**
     * Checks that two models whose files are here fit into the free memory beside each other.
     *
     * @throws org.jllm.api.CapacityException if they do not
     */
    public void checkMemory(String model, LoadOptions options, String other, LoadOptions otherOptions) {
        Target first = target(model, options);
        Target second = target(other, otherOptions);
        if (MemoryPlan.concerns(first.options()) && MemoryPlan.concerns(second.options())) {
            boolean sameFiles = first.paths().weights().equals(second.paths().weights());
            new MemoryOfTwo(first.needs(), second.needs(), sameFiles).check(freeMemory());
        }
    }

    /** The name of the engine that runs a model with these options. */
    public String engine(String model, LoadOptions options) {
        return engine(catalogue.resolve(model), options.orElse(settings.load()));
    }

    private static long freeMemory() {
        return Machine.availableBytes().orElse(Machine.memoryBytes());
    }

    /** Whether this version runs a model of the catalogue. */
    public Readiness readiness(Entry entry) {
        return readiness.of(entry);
    }

    /** The name of the template that a model's chats are rendered with, without its weights being loaded. */
    public Optional<String> templateName(String model) {
        Target target = target(model, LoadOptions.none());
        try (Tokenizer tokenizer = loadTokenizer(target)) {
            return target.template(tokenizer).map(PromptTemplate::name);
        }
    }

    /** A model with everything that decides how it is loaded. */
    private record Target(
            ModelSource source, LoadOptions options, ModelLoader loader, ModelPaths paths, TokenizerHint hint) {
        /** @throws org.jllm.api.CapacityException if it does not fit into the memory that is free */
        LoadOptions fittingOptions() {
            return new MemoryPlan(source.name(), source.entry(), given -> loader.memory(paths.weights(), given))
                    .fit(options, freeMemory());
        }

        MemoryNeeds needs() {
            return loader.memory(paths.weights(), options);
        }

        /**
         * The order of templates: what was asked for, that of the user's catalogue, the one that the catalogue knows to be
         * right where the repository's is wrong, the repository's own, that of the catalogue.
         */
        Optional<PromptTemplate> template(Tokenizer tokenizer) {
            PromptTokens tokens = PromptTokens.of(tokenizer);
            String asked = options.chatTemplate();
            if (asked != null) {
                return Optional.of(named(asked, tokens));
            }
            Entry entry = source.entry();
            TemplateChoice listed = entry == null ? null : entry.template();
            if (listed == null) {
                return loader.loadTemplate(paths.texts(), tokenizer);
            }
            Optional<PromptTemplate> own =
                    listed.beforeRepository() ? Optional.empty() : loader.loadTemplate(paths.texts(), tokenizer);
            return own.or(() -> Optional.of(named(listed.name(), tokens)));
        }

        private static PromptTemplate named(String nameOrFile, PromptTokens tokens) {
            Path file = Path.of(nameOrFile);
            return Files.isRegularFile(file)
                    ? PromptTemplates.ofFile(file, tokens)
                    : PromptTemplates.byName(nameOrFile, tokens);
        }
    }

    private Target target(String model, LoadOptions options) {
        ModelSource resolved = catalogue.resolve(model);
        LoadOptions asked = options.orElse(settings.load());
        LoadOptions listed = resolved.settings().load();
        String engine = engine(resolved, asked);
        // What an entry says of the dtype holds for the engine that it was written for.
        LoadOptions merged = asked.orElse(engine.equals(resolved.loader()) ? listed : listed.withoutDtype());
        ModelLoader loader = loader(engine);
        ModelSource source = resolved.on(engine);
        ModelPaths paths = new ModelPaths.Finder(catalogue, files, downloads)
                .of(source, files.locate(source, engine, downloads), merged.base());
        Entry entry = source.entry();
        // A file in GGUF form holds its own tokenizer.
        TokenizerHint hint =
                entry == null || Files.isRegularFile(paths.texts()) ? TokenizerHint.NONE : entry.tokenizer();
        return new Target(source, merged.withAdapters(paths.adapters()), loader, paths, hint);
    }

    private Tokenizer loadTokenizer(Target target) {
        return target.loader()
                .loadTokenizer(
                        tokenizerPath(target),
                        target.hint().kind(),
                        target.options().words());
    }

    private Path tokenizerPath(Target target) {
        String repository = target.hint().repository();
        return repository == null
                ? target.paths().texts()
                : files.locate(
                        new ModelSource(repository, null, new Location.Repository(repository), "transformers"),
                        "transformers",
                        downloads);
    }

    /** The engines on the class path. */
    public List<ModelLoader> loaders() {
        return loaders;
    }

    /**
     * The loader of an engine.
     *
     * @throws UnsupportedModelException if the engine is not on the class path
     */
    public ModelLoader loader(String engine) {
        return loaders.stream()
                .filter(candidate -> candidate.engine().equals(engine))
                .findFirst()
                .orElseThrow(() -> new UnsupportedModelException("the engine '" + engine
                        + "' is not part of this build; there are: "
                        + String.join(
                                ", ", loaders.stream().map(ModelLoader::engine).toList())));
    }

    private static Set<Integer> endIds(GenerationConfig config, Tokenizer tokenizer) {
        return config.eosIds().isEmpty() ? tokenizer.endIds() : config.eosIds();
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
