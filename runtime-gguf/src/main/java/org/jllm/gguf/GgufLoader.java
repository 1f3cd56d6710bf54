package org.jllm.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.UnsupportedModelException;
import org.jllm.catalogue.WeightFormat;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.EmbeddingBackend;
import org.jllm.generation.GenerationConfig;
import org.jllm.generation.MemoryNeeds;
import org.jllm.generation.ModelDescription;
import org.jllm.generation.ModelLoader;
import org.jllm.gguf.ContextPlan.Attention;
import org.jllm.gguf.LlamaModel.Part;
import org.jllm.gguf.LlamaModel.Placement;
import org.jllm.gguf.file.GgufDescription;
import org.jllm.prompt.ChatTemplate;
import org.jllm.prompt.PromptTemplate;
import org.jllm.prompt.PromptTemplates;
import org.jllm.prompt.PromptTokens;
import org.jllm.tokenizer.Tokenizer;

/** Loads {@code .gguf} files, or folders that hold one, on llama.cpp. */
public final class GgufLoader implements ModelLoader {
    @Override
    public String engine() {
        return "gguf";
    }

    @Override
    public CompletableFuture<Void> warmUp() {
        return CompletableFuture.runAsync(LlamaCpp::warmUp).exceptionally(failure -> null);
    }

    @Override
    public List<String> architectures() {
        return GgufDescription.modelTypes();
    }

    @Override
    public Set<WeightFormat> formats() {
        return Set.of(WeightFormat.GGUF);
    }

    @Override
    public MemoryNeeds memory(Path files, LoadOptions options) {
        return GgufMemory.of(ModelFile.read(files), options);
    }

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options) {
        return loadDecoder(files, options, Attention.FAST);
    }

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options, DoubleConsumer progress) {
        return loadDecoder(files, options, Attention.FAST, progress);
    }

    DecoderBackend loadDecoder(Path files, LoadOptions options, Attention attention) {
        return loadDecoder(files, options, attention, fraction -> {});
    }

    private static DecoderBackend loadDecoder(
            Path files, LoadOptions options, Attention attention, DoubleConsumer progress) {
        return load(files, options, progress, (library, model, adapters, onCpu) -> {
            requireDecoder(model);
            ContextPlan plan = ContextPlan.of(model, options, attention);
            return new LlamaCppDecoder(library, model, adapters, plan, onCpu);
        });
    }

    @Override
    public EmbeddingBackend loadEmbedder(Path files, LoadOptions options) {
        return loadEmbedder(files, options, Attention.FAST, Optional.empty());
    }

    @Override
    public boolean isEmbedder(Path files) {
        return GgufDescription.isEmbedder(ModelFile.read(files));
    }

    /** Pools in a given way, or as the file says. */
    EmbeddingBackend loadEmbedder(Path files, LoadOptions options, Attention attention, Optional<Pooling> given) {
        return load(files, options, fraction -> {}, (library, model, adapters, onCpu) -> {
            Pooling pooling = given.orElseGet(() -> Pooling.of(model));
            if (!model.isDecoder() && !model.isEncoder()) {
                throw new UnsupportedModelException(model.file() + " (" + model.architecture()
                        + ") is a model that translates one text to another: it makes no embeddings");
            }
            ContextPlan plan = ContextPlan.ofEmbedder(model, options, attention);
            return new LlamaCppEmbedder(library, model, adapters, plan, pooling, onCpu);
        });
    }

    /** Makes something of a loaded model, which it takes over. */
    @FunctionalInterface
    private interface Use<T> {
        T of(LlamaCpp library, LlamaModel model, Adapters adapters, boolean onCpu);
    }

    private static <T> T load(Path files, LoadOptions options, DoubleConsumer progress, Use<T> use) {
        String dtype = options.dtype();
        if (dtype != null && !dtype.equals("auto")) {
            throw new InvalidRequestException(
                    "dtype " + dtype + " does not go with a GGUF model, which is computed in the"
                            + " types that its file holds: leave it out or choose another file");
        }
        String quantize = options.quantize();
        if (quantize != null && !quantize.equals("none")) {
            throw new InvalidRequestException(
                    "quantize " + quantize
                            + " is for Transformers models; a GGUF file holds its own types: leave it out or choose another file");
        }
        Path file = ModelFile.find(files);
        LlamaCpp library = LlamaCpp.get();
        Placement placement = placement(options, library);
        List<LoraAdapter> lora = Optional.ofNullable(options.lora()).orElse(List.of());
        Adapters.check(lora, file);
        LlamaModel model = LlamaModel.load(library, file, Part.ALL, placement, progress);
        try {
            boolean onCpu = placement.device().isEmpty();
            return use.of(library, model, Adapters.load(library, model, lora), onCpu);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Placement placement(LoadOptions options, LlamaCpp library) {
        Integer layers = options.gpuLayers();
        return new Placement(
                LlamaDevice.find(options.device(), library.devices()),
                layers == null ? -1 : layers,
                Boolean.TRUE.equals(options.mlock()));
    }

    private static void requireDecoder(LlamaModel model) {
        if (!model.isDecoder()) {
            throw new UnsupportedModelException(model.file() + " (" + model.architecture()
                    + ") is no model that continues texts: the engine 'gguf' does not run it yet");
        }
    }

    @Override
    public ModelDescription describe(Path files) {
        return GgufDescription.of(ModelFile.read(files));
    }

    @Override
    public String version() {
        return "llama.cpp " + LlamaCpp.get().version();
    }

    @Override
    public Map<String, String> diagnose() {
        LlamaCpp library = LlamaCpp.get();
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("llama.cpp", library.version());
        findings.put("libraries", library.folder().toString());
        findings.put("instructions", library.variant());
        findings.put(
                "devices",
                library.devices().stream()
                        .map(device -> device.name() + " (" + device.description() + ")")
                        .collect(Collectors.joining(", ")));
        return findings;
    }

    @Override
    public List<Path> writeRandom(String shape, List<String> types, Path folder) {
        List<Quantisation> quantisations =
                types.stream().map(Quantisation::of).distinct().toList();
        Path plain = folder.resolve("f16.gguf");
        RandomGguf.write(shape, plain);
        try {
            return quantisations.stream()
                    .map(type -> type.isPlain() ? plain : type.write(plain, folder.resolve(type.fileName())))
                    .toList();
        } finally {
            if (quantisations.stream().noneMatch(Quantisation::isPlain)) {
                plain.toFile().delete();
            }
        }
    }

    @Override
    public Tokenizer loadTokenizer(Path files) {
        return new LlamaCppTokenizer(load(files, Part.VOCABULARY));
    }

    private static LlamaModel load(Path files, Part part) {
        Path file = ModelFile.find(files);
        return LlamaModel.load(LlamaCpp.get(), file, part, Placement.CPU);
    }

    /** The file's own template; where it has none, that of a repository around it. */
    @Override
    public Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer) {
        PromptTokens tokens = PromptTokens.of(tokenizer);
        Optional<String> own =
                tokenizer instanceof LlamaCppTokenizer ggufTokenizer ? ggufTokenizer.chatTemplate() : Optional.empty();
        if (own.isPresent()) {
            return Optional.of(ChatTemplate.parse(own.get(), files.toString(), tokens));
        }
        return Files.isDirectory(files) ? PromptTemplates.find(files, tokens) : Optional.empty();
    }

    @Override
    public GenerationConfig loadGenerationConfig(Path files) {
        return Files.isDirectory(files) ? GenerationConfig.read(files) : GenerationConfig.none();
    }
}
