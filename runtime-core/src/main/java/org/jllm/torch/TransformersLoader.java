package org.jllm.torch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.Conversion;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StrictJson;
import org.jllm.checkpoint.Weight;
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

/** Loads folders in Hugging Face layout: {@code config.json} and a checkpoint. */
public final class TransformersLoader implements ModelLoader {
    @Override
    public String engine() {
        return "transformers";
    }

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options) {
        List<LoraAdapter> adapters = options.lora();
        PreparedModel model = PreparedModel.of(files, adapters == null ? List.of() : adapters);
        DecoderPlan plan = model.plan();
        LibTorch torch = LibTorch.get();
        String dtype = options.dtype();
        Precision precision = Precision.of(dtype == null ? "auto" : dtype, model.type());
        int context = context(options, plan);
        long cacheBytes = cacheBytes(options, context * plan.cacheBytesPerPosition(precision));
        Integer threads = options.threads();
        TorchDecoder.Settings settings = new TorchDecoder.Settings(
                precision,
                Devices.check(options.device(), torch),
                threads == null ? Machine.physicalCores() : threads,
                context,
                cacheBytes);
        return new TorchDecoder(torch, model.weights(), plan, settings);
    }

    @Override
    public ModelDescription describe(Path files) {
        ModelConfig config = ModelConfig.read(files);
        Optional<DecoderPlan> plan = Architectures.find(config.modelType()).map(found -> found.plan(config));
        ModelWeights weights = ModelWeights.of(Checkpoint.open(files), files, config, name -> false);
        return new ModelDescription(
                config.modelType(),
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
        ResolvedWeights reader = new ResolvedWeights(model.plan().script());
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

    private static int context(LoadOptions options, DecoderPlan plan) {
        Integer asked = options.context();
        if (asked == null) {
            return plan.context();
        }
        if (asked > plan.longestContext()) {
            throw new InvalidRequestException("context " + asked + " is more than the " + plan.longestContext()
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
    public Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer) {
        return PromptTemplates.find(files, PromptTokens.of(tokenizer));
    }

    @Override
    public GenerationConfig loadGenerationConfig(Path files) {
        return GenerationConfig.read(files);
    }
}
