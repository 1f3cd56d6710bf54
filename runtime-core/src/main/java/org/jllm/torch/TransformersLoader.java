package org.jllm.torch;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.WordOptions;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.StrictJson;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.GenerationConfig;
import org.jllm.generation.ModelDescription;
import org.jllm.generation.ModelLoader;
import org.jllm.machine.Machine;
import org.jllm.prompt.PromptTemplate;
import org.jllm.prompt.PromptTemplates;
import org.jllm.prompt.PromptTokens;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;
import org.jspecify.annotations.Nullable;

/** Loads folders in Hugging Face layout: {@code config.json} and a safetensors checkpoint. */
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
        ModelConfig config = ModelConfig.read(files);
        DecoderPlan plan = Architectures.of(config).plan(config);
        Checkpoint checkpoint = Checkpoint.open(files);
        CheckpointMatch.check(checkpoint, plan);
        LibTorch torch = LibTorch.get();
        String dtype = options.dtype();
        Precision precision = Precision.of(dtype == null ? "auto" : dtype, storedType(checkpoint));
        int context = context(options, plan);
        long cacheBytes = cacheBytes(options, context * plan.cacheBytesPerPosition(precision));
        Integer threads = options.threads();
        TorchDecoder.Settings settings = new TorchDecoder.Settings(
                precision,
                Devices.check(options.device(), torch),
                threads == null ? Machine.physicalCores() : threads,
                context,
                cacheBytes);
        return new TorchDecoder(torch, checkpoint, plan, settings);
    }

    @Override
    public ModelDescription describe(Path files) {
        ModelConfig config = ModelConfig.read(files);
        Checkpoint checkpoint = Checkpoint.open(files);
        long parameters = checkpoint.tensors().values().stream()
                .mapToLong(tensor -> tensor.byteLength() / tensor.type().bytes())
                .sum();
        Optional<DecoderPlan> plan = Architectures.find(config.modelType()).map(found -> found.plan(config));
        return new ModelDescription(
                config.modelType(),
                plan.isPresent(),
                plan.map(DecoderPlan::context).orElse(null),
                plan.map(DecoderPlan::vocabularySize).orElse(null),
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
        findings.put("architectures", String.join(", ", Architectures.modelTypes()));
        return findings;
    }

    private static ElementType storedType(Checkpoint checkpoint) {
        Map<ElementType, Long> bytes = checkpoint.tensors().values().stream()
                .collect(Collectors.groupingBy(StoredTensor::type, Collectors.summingLong(StoredTensor::byteLength)));
        return bytes.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse(ElementType.F32);
    }

    private static int context(LoadOptions options, DecoderPlan plan) {
        Integer asked = options.context();
        if (asked == null) {
            return plan.context();
        }
        if (asked > plan.context()) {
            throw new InvalidRequestException("context " + asked + " is more than the " + plan.context()
                    + " positions that the model was made for");
        }
        return asked;
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
