package org.jllm.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.checkpoint.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a model are: repositories have the graph beside the configuration or in a folder {@code onnx} below it.
 *
 * @param graph its file
 * @param texts the folder of the configuration and the tokenizer
 */
record OnnxFolder(Path graph, Path texts) {
    private static final String SUFFIX = ".onnx";
    private static final List<String> FULL = List.of("model.onnx");
    private static final List<String> HALF = List.of("model_fp16.onnx");
    private static final List<String> OTHERS = List.of(
            "model_optimized.onnx", "model_quantized.onnx", "model_int8.onnx", "model_uint8.onnx", "model_fp16.onnx");
    private static final String[] FOLDERS = {"", "onnx"};

    /**
     * Finds them.
     *
     * @param files the folder of a model, or the graph that is wanted
     * @param dtype that was asked for: it chooses among the graphs of a folder
     * @throws ModelNotFoundException if there is no graph, or no certain one
     * @throws InvalidRequestException if there is none of this type
     */
    static OnnxFolder find(Path files, @Nullable String dtype) {
        boolean any = dtype == null || dtype.equals("auto");
        if (!Files.isDirectory(files)) {
            if (!any) {
                throw new InvalidRequestException("dtype " + dtype + " does not go with a single graph, which is"
                        + " computed in the types that it holds: leave it out or name another file");
            }
            return new OnnxFolder(files, texts(files));
        }
        List<String> names = any || "float32".equals(dtype) ? FULL : "float16".equals(dtype) ? HALF : List.of();
        Optional<Path> graph = first(files, names);
        if (any && graph.isEmpty()) {
            graph = first(files, OTHERS).or(() -> only(files));
        }
        if (graph.isEmpty() && !any && !graphs(files).isEmpty()) {
            throw new InvalidRequestException(files + " has no graph of dtype " + dtype + ", but " + names(files)
                    + ": leave dtype out or name one of these files");
        }
        return graph.map(found -> new OnnxFolder(found, files))
                .orElseThrow(() -> new ModelNotFoundException(files + " has no ONNX graph: model.onnx or"
                        + " onnx/model.onnx; leave the engine out, or choose a model that has one"));
    }

    /** The model's {@code config.json}; one without fields where there is none. */
    ModelConfig config() {
        return Files.exists(texts.resolve("config.json"))
                ? ModelConfig.read(texts)
                : ModelConfig.parse("{}", texts.resolve("config.json").toString());
    }

    /** The folder of the configuration and the tokenizer that go with a folder or a graph. */
    static Path texts(Path files) {
        if (Files.isDirectory(files)) {
            return files;
        }
        Path folder = Objects.requireNonNull(files.toAbsolutePath().getParent());
        Path parent = folder.getParent();
        boolean below = folder.endsWith("onnx") && !Files.exists(folder.resolve("tokenizer.json"));
        return below && parent != null ? parent : folder;
    }

    private static Optional<Path> first(Path folder, List<String> names) {
        return names.stream()
                .flatMap(name ->
                        Stream.of(FOLDERS).map(sub -> folder.resolve(sub).resolve(name)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Optional<Path> only(Path folder) {
        List<Path> graphs = graphs(folder);
        if (graphs.size() > 1) {
            throw new ModelNotFoundException(folder + " has several ONNX graphs: name one of " + names(folder));
        }
        return graphs.stream().findFirst();
    }

    private static String names(Path folder) {
        return String.join(", ", graphs(folder).stream().map(Path::toString).toList());
    }

    private static List<Path> graphs(Path folder) {
        List<Path> graphs = new ArrayList<>();
        for (String sub : FOLDERS) {
            Path place = folder.resolve(sub);
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.list(place)) {
                    files.filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                            .sorted()
                            .forEach(graphs::add);
                } catch (IOException e) {
                    throw new InvalidModelException(place + " cannot be read: " + e.getMessage(), e);
                }
            }
        }
        return graphs;
    }
}
