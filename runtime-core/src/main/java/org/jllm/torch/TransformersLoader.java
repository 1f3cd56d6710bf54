package org.jllm.torch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.WordOptions;
import org.jllm.catalogue.WeightFormat;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.Conversion;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StrictJson;
import org.jllm.checkpoint.Weight;
import org.jllm.generation.ContextChoice;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.GenerationConfig;
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

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options) {
        PreparedModel model = PreparedModel.of(files, adapters(options));
        DecoderPlan plan = model.plan();
        LibTorch torch = LibTorch.get();
        Precision precision = precision(options, model);
        int context = context(options, plan, precision);
        long cacheBytes = cacheBytes(options, plan.cache().bytes(context, precision));
        Integer threads = options.threads();
        TorchDecoder.Settings settings = new TorchDecoder.Settings(
                precision,
                Devices.check(options.device(), torch),
                threads == null ? Machine.physicalCores() : threads,
                context,
                cacheBytes);
        return new TorchDecoder(torch, model.weights(), plan, settings);
    }

    private static List<LoraAdapter> adapters(LoadOptions options) {
        return options.lora() == null ? List.of() : options.lora();
    }

    private static Precision precision(LoadOptions options, PreparedModel model) {
        return Precision.of(options.dtype() == null ? "auto" : options.dtype(), model.type());
    }

    @Override
    public ModelDescription describe(Path files) {
        ModelConfig config = Architectures.configuration(files);
        Optional<DecoderPlan> plan = Architectures.find(config).map(found -> found.plan(config));
        ModelWeights weights = ModelWeights.of(Checkpoint.open(files), files, config, name -> false);
        return new ModelDescription(
                Architectures.modelType(config),
                plan.isPresent(),
                plan.map(DecoderPlan::context).orElse(null),
                plan.map(DecoderPlan::vocabularySize).orElse(null),
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
        findings.put("architectures", String.join(", ", Architectures.modelTypes()));
        return findings;
    }

    @Override
    public List<String> architectures() {
        return Architectures.modelTypes();
    }

    @Override
    public Set<WeightFormat> formats() {
        return Set.of(WeightFormat.TRANSFORMERS, WeightFormat.PTH, WeightFormat.PEFT, WeightFormat.GPTQ);
    }

    @Override
    public MemoryNeeds memory(Path files, LoadOptions options) {
        PreparedModel model = PreparedModel.of(files, adapters(options));
        Precision precision = precision(options, model);
        return TorchMemory.of(model, precision, context(options, model.plan(), precision));
    }

    private static int context(LoadOptions options, DecoderPlan plan, Precision precision) {
        return ContextChoice.of(
                options.context(),
                plan.context(),
                plan.longestContext(),
                plan.cache().positionBytes(precision));
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
