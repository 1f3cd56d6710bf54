package org.jllm.torch;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.WordOptions;
import org.jllm.catalogue.WeightFormat;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.Conversion;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StrictJson;
import org.jllm.checkpoint.Weight;
import org.jllm.encoding.AudioBackend;
import org.jllm.encoding.EncoderBackend;
import org.jllm.generation.ContextChoice;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.EmbeddingBackend;
import org.jllm.generation.GenerationConfig;
import org.jllm.generation.KernelSpeeds;
import org.jllm.generation.MemoryNeeds;
import org.jllm.generation.ModelDescription;
import org.jllm.generation.ModelLoader;
import org.jllm.machine.Machine;
import org.jllm.prompt.PromptTemplate;
import org.jllm.prompt.PromptTemplates;
import org.jllm.prompt.PromptTokens;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;
import org.jspecify.annotations.Nullable;

/** Loads folders in Hugging Face layout: {@code config.json} and a checkpoint. */
public final class TransformersLoader implements ModelLoader {
    @Override
    public String engine() {
        return "transformers";
    }

    /** libtorch takes a fifth of a second to load; it stays for the process, so that once is enough. */
    @Override
    public CompletableFuture<Void> warmUp() {
        return CompletableFuture.runAsync(LibTorch::warmUp).exceptionally(failure -> null);
    }

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options) {
        PreparedModel model = PreparedModel.of(files, adapters(options));
        DecoderPlan plan = model.plan();
        LibTorch torch = LibTorch.get();
        WeightForm form = form(options, model.weights(), torch);
        int context = context(options, plan, form.precision());
        long cacheBytes = cacheBytes(options, plan.cache().bytes(context, form.precision()));
        TorchDecoder.Settings settings = new TorchDecoder.Settings(form, threads(options), context, cacheBytes);
        return new TorchDecoder(torch, model.weights(), plan, settings);
    }

    @Override
    public boolean isEncoder(Path files) {
        return EncoderArchitectures.find(Architectures.configuration(files)).isPresent();
    }

    @Override
    public EncoderBackend loadEncoder(Path files, LoadOptions options) {
        if (!adapters(options).isEmpty()) {
            throw new InvalidRequestException("adapters of encoders are not supported: leave lora out");
        }
        ModelConfig config = Architectures.configuration(files);
        EncoderPlan plan = EncoderArchitectures.of(config).plan(config);
        ModelWeights stored = weights(files, config, checkpoint(files, plan.tensorNames()));
        ModelWeights weights =
                CheckpointMatch.fit(stored, plan.tensors(stored.all().keySet()), plan.ignorable());
        LibTorch torch = LibTorch.get();
        TorchEncoder.Settings settings =
                new TorchEncoder.Settings(form(options, weights, torch), threads(options), context(options, plan));
        return new TorchEncoder(torch, weights, plan, settings);
    }

    /** {@inheritDoc} Here encoders do that, which are loaded as such. */
    @Override
    public EmbeddingBackend loadEmbedder(Path files, LoadOptions options) {
        throw EncoderArchitectures.none(Architectures.configuration(files));
    }

    @Override
    public AudioBackend loadAudioEncoder(Path files, LoadOptions options) {
        ModelConfig config = Architectures.configuration(files);
        AudioPlan plan = HubertArchitecture.plan(config);
        Checkpoint stored = Checkpoint.open(files).renamed(plan.names());
        Checkpoint checkpoint =
                stored.renamed(new OldNames(plan.tensorNames(), stored.tensors().keySet()));
        ModelWeights weights =
                CheckpointMatch.fit(weights(files, config, checkpoint), plan.tensors(), plan.ignorable());
        LibTorch torch = LibTorch.get();
        TorchAudio.Settings settings = new TorchAudio.Settings(form(options, weights, torch), threads(options));
        return new TorchAudio(torch, weights, plan, settings);
    }

    private static Checkpoint checkpoint(Path files, Collection<String> wanted) {
        Checkpoint stored = Checkpoint.open(files);
        return stored.renamed(new OldNames(wanted, stored.tensors().keySet()));
    }

    private static ModelWeights weights(Path files, ModelConfig config, Checkpoint checkpoint) {
        return ModelWeights.of(checkpoint, files, config, name -> false);
    }

    private static int threads(LoadOptions options) {
        return threads(options.threads());
    }

    private static int threads(@Nullable Integer threads) {
        return threads == null ? Machine.physicalCores() : threads;
    }

    private static List<LoraAdapter> adapters(LoadOptions options) {
        return options.lora() == null ? List.of() : options.lora();
    }

    /** The form on a device that is there. */
    private static WeightForm form(LoadOptions options, ModelWeights weights, LibTorch torch) {
        return WeightForm.of(options, weights, Devices.check(options.device(), torch));
    }

    @Override
    public ModelDescription describe(Path files) {
        ModelConfig config = Architectures.configuration(files);
        Optional<DecoderPlan> plan = Architectures.find(config).map(found -> found.plan(config));
        Optional<EncoderPlan.Sizes> encoder = EncoderArchitectures.find(config)
                .map(found -> found.plan(config).sizes());
        ModelWeights weights = weights(files, config, Checkpoint.open(files));
        return new ModelDescription(
                Architectures.modelType(config),
                plan.isPresent() || encoder.isPresent(),
                plan.map(DecoderPlan::context)
                        .or(() -> encoder.map(EncoderPlan.Sizes::context))
                        .orElse(null),
                plan.map(DecoderPlan::vocabularySize)
                        .or(() -> encoder.map(EncoderPlan.Sizes::vocabulary))
                        .orElse(null),
                weights.distinct().stream().mapToLong(Weight::elements).sum(),
                weights.distinct().stream().mapToLong(Weight::unpackedBytes).sum(),
                PreparedModel.type(weights).name(),
                weights.quantization().orElse(null),
                StrictJson.objectOrEmpty(files.resolve("tokenizer_config.json"))
                        .path("tokenizer_class")
                        .textValue());
    }

    /** A model that is stored as it is keeps its names; one that is resolved gets those of today's class. */
    @Override
    public Conversion.Result convert(
            Path files, LoadOptions options, List<Path> more, Path out, DoubleConsumer progress) {
        Conversion conversion = new Conversion(files, out, Conversion.SHARD_BYTES);
        List<LoraAdapter> adapters = options.lora() == null ? List.of() : options.lora();
        ModelConfig config = ModelConfig.read(files);
        ModelWeights stored = ModelWeights.of(Checkpoint.open(files), files, config, name -> false);
        if (adapters.isEmpty() && stored.quantization().isEmpty()) {
            return conversion.run(progress);
        }
        PreparedModel model = PreparedModel.of(files, adapters);
        ResolvedWeights reader = new ResolvedWeights(model.plan());
        return conversion.run(model.weights(), reader, model.config(config), more, progress);
    }

    @Override
    public Map<String, String> diagnose() {
        LibTorch torch = LibTorch.get();
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("libtorch", torch.version());
        findings.put("libraries", torch.libraries());
        findings.put("CUDA devices", Integer.toString(torch.cudaDevices()));
        for (ElementType stored : List.of(ElementType.F32, ElementType.BF16, ElementType.F16)) {
            findings.put(
                    "dtype auto, " + stored + " files",
                    ProcessorChoice.of(stored, Machine.instructionSets()).text());
        }
        for (Quantization quantization : List.of(Quantization.FP16, Quantization.INT8)) {
            findings.put("quantize " + quantization, kernel(torch, quantization));
        }
        findings.put("architectures", String.join(", ", architectures()));
        return findings;
    }

    private static String kernel(LibTorch torch, Quantization quantization) {
        try {
            return "by "
                    + torch.call(() -> torch.kernels().choose(quantization, torch.anyModule()))
                            .library();
        } catch (EngineException e) {
            return "not on this processor";
        }
    }

    @Override
    public String version() {
        return "libtorch " + LibTorch.get().version();
    }

    @Override
    public KernelSpeeds measureKernels(@Nullable Integer threads) {
        return new KernelBenchmark(LibTorch.get(), threads(threads)).run();
    }

    @Override
    public List<String> architectures() {
        return Stream.concat(Architectures.modelTypes().stream(), EncoderArchitectures.modelTypes().stream())
                .sorted()
                .toList();
    }

    @Override
    public Set<WeightFormat> formats() {
        return Set.of(WeightFormat.TRANSFORMERS, WeightFormat.PTH, WeightFormat.PEFT, WeightFormat.GPTQ);
    }

    @Override
    public MemoryNeeds memory(Path files, LoadOptions options) {
        String device = options.device() == null ? "cpu" : options.device();
        ModelConfig config = Architectures.configuration(files);
        Optional<EncoderPlan> encoder = EncoderArchitectures.find(config).map(found -> found.plan(config));
        if (encoder.isPresent()) {
            ModelWeights weights = weights(files, config, Checkpoint.open(files));
            return TorchMemory.of(
                    encoder.get(), weights, WeightForm.of(options, weights, device), context(options, encoder.get()));
        }
        PreparedModel model = PreparedModel.of(files, adapters(options));
        WeightForm form = WeightForm.of(options, model.weights(), device);
        return TorchMemory.of(model, form, context(options, model.plan(), form.precision()));
    }

    private static int context(LoadOptions options, DecoderPlan plan, Precision precision) {
        return ContextChoice.of(
                options.context(),
                plan.context(),
                plan.longestContext(),
                plan.cache().positionBytes(precision));
    }

    private static int context(LoadOptions options, EncoderPlan plan) {
        int most = plan.sizes().context();
        return ContextChoice.of(options.context(), most, most, 0);
    }

    private static long cacheBytes(LoadOptions options, long oneContext) {
        Long asked = options.cacheBytes();
        return asked != null ? asked : Math.max(oneContext, Machine.memoryBytes() / 4);
    }

    @Override
    public Tokenizer loadTokenizer(Path files) {
        return Tokenizers.load(files);
    }

    @Override
    public Tokenizer loadTokenizer(Path files, @Nullable String kind, WordOptions words) {
        return Tokenizers.choose(files, kind, words).load();
    }

    @Override
    public Optional<String> describeTokenizer(Path files, @Nullable String kind, WordOptions words) {
        return Optional.of(Tokenizers.choose(files, kind, words).text());
    }

    @Override
    public Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer) {
        return PromptTemplates.find(files, PromptTokens.of(tokenizer));
    }

    @Override
    public GenerationConfig loadGenerationConfig(Path files) {
        return GenerationConfig.read(files);
    }
}
