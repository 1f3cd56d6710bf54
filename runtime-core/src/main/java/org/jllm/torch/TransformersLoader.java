package org.jllm.torch;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.WeightFormat;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.StrictJson;
import org.jllm.encoding.EncoderBackend;
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

/** Loads folders in Hugging Face layout: {@code config.json} and a checkpoint. */
public final class TransformersLoader implements ModelLoader {
    @Override
    public String engine() {
        return "transformers";
    }

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options) {
        if (options.lora() != null && !options.lora().isEmpty()) {
            throw new InvalidRequestException("the engine 'transformers' does not take adapters yet: leave lora out, or"
                    + " run a GGUF file of the model with an adapter in GGUF form");
        }
        ModelConfig config = Architectures.configuration(files);
        DecoderPlan plan = Architectures.of(config).plan(config);
        Checkpoint checkpoint = checkpoint(files, plan.tensorNames()).renamed(plan.names());
        CheckpointMatch.check(checkpoint, plan.tensors(), plan.ignorable());
        LibTorch torch = LibTorch.get();
        Precision precision = precision(options, checkpoint);
        int context = context(options, plan, precision);
        long cacheBytes = cacheBytes(options, plan.cache().bytes(context, precision));
        TorchDecoder.Settings settings = new TorchDecoder.Settings(
                precision, Devices.check(options.device(), torch), threads(options), context, cacheBytes);
        return new TorchDecoder(torch, checkpoint, plan, settings);
    }

    @Override
    public boolean isEncoder(Path files) {
        return EncoderArchitectures.find(Architectures.configuration(files)).isPresent();
    }

    @Override
    public EncoderBackend loadEncoder(Path files, LoadOptions options) {
        ModelConfig config = Architectures.configuration(files);
        EncoderPlan plan = EncoderArchitectures.of(config).plan(config);
        Checkpoint checkpoint = checkpoint(files, plan.tensorNames());
        CheckpointMatch.check(checkpoint, plan.tensors(checkpoint.tensors().keySet()), plan.ignorable());
        LibTorch torch = LibTorch.get();
        TorchEncoder.Settings settings = new TorchEncoder.Settings(
                precision(options, checkpoint),
                Devices.check(options.device(), torch),
                threads(options),
                context(options, plan));
        return new TorchEncoder(torch, checkpoint, plan, settings);
    }

    private static Checkpoint checkpoint(Path files, Collection<String> wanted) {
        Checkpoint stored = Checkpoint.open(files);
        return stored.renamed(new OldNames(wanted, stored.tensors().keySet()));
    }

    private static int threads(LoadOptions options) {
        Integer threads = options.threads();
        return threads == null ? Machine.physicalCores() : threads;
    }

    @Override
    public ModelDescription describe(Path files) {
        ModelConfig config = Architectures.configuration(files);
        Checkpoint checkpoint = Checkpoint.open(files);
        long parameters =
                checkpoint.distinct().stream().mapToLong(StoredTensor::elements).sum();
        Optional<DecoderPlan> plan = Architectures.find(config).map(found -> found.plan(config));
        Optional<EncoderPlan.Sizes> encoder = EncoderArchitectures.find(config)
                .map(found -> found.plan(config).sizes());
        return new ModelDescription(
                Architectures.modelType(config),
                plan.isPresent() || encoder.isPresent(),
                plan.map(DecoderPlan::context)
                        .or(() -> encoder.map(EncoderPlan.Sizes::context))
                        .orElse(null),
                plan.map(DecoderPlan::vocabularySize)
                        .or(() -> encoder.map(EncoderPlan.Sizes::vocabulary))
                        .orElse(null),
                parameters,
                checkpoint.bytes(),
                storedType(checkpoint).name(),
                StrictJson.objectOrEmpty(files.resolve("tokenizer_config.json"))
                        .path("tokenizer_class")
                        .textValue());
    }

    @Override
    public Map<String, String> diagnose() {
        LibTorch torch = LibTorch.get();
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("libtorch", torch.version());
        findings.put("libraries", torch.libraries());
        findings.put("CUDA devices", Integer.toString(torch.cudaDevices()));
        findings.put("architectures", String.join(", ", architectures()));
        return findings;
    }

    @Override
    public List<String> architectures() {
        return Stream.concat(Architectures.modelTypes().stream(), EncoderArchitectures.modelTypes().stream())
                .sorted()
                .toList();
    }

    @Override
    public Set<WeightFormat> formats() {
        return Set.of(WeightFormat.TRANSFORMERS, WeightFormat.PTH);
    }

    @Override
    public MemoryNeeds memory(Path files, LoadOptions options) {
        ModelConfig config = Architectures.configuration(files);
        Optional<EncoderPlan> encoder = EncoderArchitectures.find(config).map(found -> found.plan(config));
        Checkpoint checkpoint = Checkpoint.open(files);
        Precision precision = precision(options, checkpoint);
        if (encoder.isPresent()) {
            return TorchMemory.of(encoder.get(), checkpoint, precision, context(options, encoder.get()));
        }
        DecoderPlan plan = Architectures.of(config).plan(config);
        return TorchMemory.of(plan, checkpoint, precision, context(options, plan, precision));
    }

    private static Precision precision(LoadOptions options, Checkpoint checkpoint) {
        String dtype = options.dtype();
        return Precision.of(dtype == null ? "auto" : dtype, storedType(checkpoint));
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

    private static ElementType storedType(Checkpoint checkpoint) {
        Map<ElementType, Long> bytes = checkpoint.tensors().values().stream()
                .collect(Collectors.groupingBy(StoredTensor::type, Collectors.summingLong(StoredTensor::byteLength)));
        return bytes.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse(ElementType.F32);
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
    public Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer) {
        return PromptTemplates.find(files, PromptTokens.of(tokenizer));
    }

    @Override
    public GenerationConfig loadGenerationConfig(Path files) {
        return GenerationConfig.read(files);
    }
}
