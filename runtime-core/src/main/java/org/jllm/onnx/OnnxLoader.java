package org.jllm.onnx;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.catalogue.WeightFormat;
import org.jllm.checkpoint.ModelConfig;
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
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;
import org.jspecify.annotations.Nullable;

/** Loads encoders from ONNX graphs: a folder in Hugging Face layout with {@code model.onnx}, or an {@code .onnx} file. */
public final class OnnxLoader implements ModelLoader {
    /** ONNX Runtime's own, and its threads. */
    private static final long LIBRARY = 64L << 20;
    /** Rows as wide as an embedding that live at once. */
    private static final int ROWS = 12;

    private static final long USUAL_WIDTH = 1024;

    /** Their graphs are all given the same and differ inside only. */
    private static final List<String> MODEL_TYPES = List.of(
            "albert",
            "bert",
            "camembert",
            "deberta",
            "deberta-v2",
            "distilbert",
            "electra",
            "modernbert",
            "mpnet",
            "nomic_bert",
            "roberta",
            "roformer",
            "xlm-roberta");

    @Override
    public String engine() {
        return "onnx";
    }

    @Override
    public List<String> architectures() {
        return MODEL_TYPES;
    }

    @Override
    public Set<WeightFormat> formats() {
        return Set.of(WeightFormat.ONNX);
    }

    @Override
    public MemoryNeeds memory(Path files, LoadOptions options) {
        OnnxFolder folder = OnnxFolder.find(files, options.dtype());
        GraphPlan plan = plan(folder);
        Graph graph = plan.graph();
        int context = context(options, plan);
        long hidden =
                plan.table(GraphInput.IDS).map(table -> table.shape().get(1)).orElse(USUAL_WIDTH);
        long workspace = ROWS * hidden * Float.BYTES * Math.max(context, OnnxEncoder.MAX_BATCH_TOKENS);
        return new MemoryNeeds(
                0,
                graph.bytes(),
                0,
                LIBRARY + workspace,
                context,
                graph.storedType().name());
    }

    @Override
    public DecoderBackend loadDecoder(Path files, LoadOptions options) {
        throw new UnsupportedModelException(
                OnnxFolder.find(files, options.dtype()).graph()
                        + " is run as an encoder: the engine 'onnx' continues no texts, which the engines 'transformers' and"
                        + " 'gguf' do");
    }

    @Override
    public boolean isEncoder(Path files) {
        return true;
    }

    @Override
    public EncoderBackend loadEncoder(Path files, LoadOptions options) {
        if (options.lora() != null && !options.lora().isEmpty()) {
            throw new InvalidRequestException("an ONNX graph takes no adapters: leave lora out");
        }
        String device = options.device();
        if (device != null && !device.equals("cpu")) {
            throw new InvalidRequestException(
                    "the engine 'onnx' computes on the CPU: leave device " + device + " out, or choose another engine");
        }
        GraphPlan plan = plan(OnnxFolder.find(files, options.dtype()));
        Integer threads = options.threads();
        return new OnnxEncoder(plan, threads == null ? Machine.physicalCores() : threads, context(options, plan));
    }

    private static GraphPlan plan(OnnxFolder folder) {
        return GraphPlan.of(GraphReader.read(folder.graph()), folder.config());
    }

    private static int context(LoadOptions options, GraphPlan plan) {
        int most = plan.sizes().context();
        return ContextChoice.of(options.context(), most, most, 0);
    }

    @Override
    public ModelDescription describe(Path files) {
        OnnxFolder folder = OnnxFolder.find(files, null);
        Graph graph = GraphReader.read(folder.graph());
        ModelConfig config = folder.config();
        Optional<GraphSizes> sizes = sizes(graph, config);
        return new ModelDescription(
                config.stringOr("model_type", "onnx"),
                sizes.isPresent(),
                sizes.map(GraphSizes::context).orElse(null),
                sizes.map(GraphSizes::vocabulary).orElse(null),
                graph.tensors().values().stream()
                        .mapToLong(GraphTensor::elements)
                        .sum(),
                graph.bytes(),
                graph.storedType().name(),
                null,
                StrictJson.objectOrEmpty(folder.texts().resolve("tokenizer_config.json"))
                        .path("tokenizer_class")
                        .textValue());
    }

    private static Optional<GraphSizes> sizes(Graph graph, ModelConfig config) {
        try {
            return Optional.of(GraphPlan.of(graph, config).sizes());
        } catch (UnsupportedModelException e) {
            return Optional.empty();
        }
    }

    @Override
    public String version() {
        return "ONNX Runtime " + OnnxRuntime.get().getVersion();
    }

    @Override
    public Map<String, String> diagnose() {
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("ONNX Runtime", OnnxRuntime.get().getVersion());
        findings.put("libraries", OnnxRuntime.libraries());
        return findings;
    }

    @Override
    public Tokenizer loadTokenizer(Path files) {
        return Tokenizers.load(folder(files));
    }

    @Override
    public Tokenizer loadTokenizer(Path files, @Nullable String kind, WordOptions words) {
        return Tokenizers.choose(folder(files), kind, words).load();
    }

    @Override
    public Optional<String> describeTokenizer(Path files, @Nullable String kind, WordOptions words) {
        return Optional.of(Tokenizers.choose(folder(files), kind, words).text());
    }

    @Override
    public Path folder(Path files) {
        return OnnxFolder.texts(files);
    }

    @Override
    public Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer) {
        return Optional.empty();
    }

    @Override
    public GenerationConfig loadGenerationConfig(Path files) {
        return GenerationConfig.none();
    }
}
