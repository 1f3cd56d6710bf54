package org.jllm.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jllm.api.ModelNotFoundException;

/** A model that is given by its folder or file. */
final class LocalModel {
    /** What the engine 'transformers' has besides a configuration. */
    private static final String WEIGHTS = "*.{safetensors,bin,pth,pt,index.json}";

    private static final String GRAPHS = "*.onnx";

    private LocalModel() {}

    /**
     * The model at a path.
     *
     * @return empty if nothing is there and the text does not look like a path
     * @throws ModelNotFoundException if there is something else there; says what
     */
    static Optional<ModelSource> find(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (text.isEmpty()) {
            throw new ModelNotFoundException("the name of the model is empty");
        }
        if (Files.isDirectory(path)) {
            return Optional.of(folder(text, path));
        }
        if (Files.exists(path)) {
            return Optional.of(file(text, path));
        }
        if (looksLikePath(text)) {
            throw new ModelNotFoundException("there is no folder or file " + ErrorText.oneLine(text));
        }
        return Optional.empty();
    }

    private static boolean looksLikePath(String text) {
        return text.matches("(?i)(\\.{0,2}|~|[a-z]:)[/\\\\].*|.*\\.(gguf|onnx)|\\.{1,2}")
                || text.split("[/\\\\]").length > 2;
    }

    private static ModelSource file(String text, Path path) {
        boolean graph = endsWith(path, ".onnx");
        if (!graph && !isGguf(path)) {
            throw new ModelNotFoundException(
                    text + " is no model: a model is a folder with a config.json, a .gguf file or an .onnx file");
        }
        return new ModelSource(text, null, new Location.File(path), graph ? "onnx" : "gguf");
    }

    private static ModelSource folder(String text, Path path) {
        if (!holds(path, WEIGHTS) && (holds(path, GRAPHS) || holds(path.resolve("onnx"), GRAPHS))) {
            return new ModelSource(text, null, new Location.Folder(path), "onnx");
        }
        if (Files.isRegularFile(path.resolve("config.json"))
                || Files.isRegularFile(path.resolve("modules.json"))
                || Files.isRegularFile(path.resolve("adapter_config.json"))
                || holds(path, "*.pth")) {
            return new ModelSource(text, null, new Location.Folder(path), "transformers");
        }
        List<String> files = ggufFiles(path);
        if (files.isEmpty()) {
            throw new ModelNotFoundException("the folder " + text
                    + " has no config.json: a model is a folder in Hugging Face layout, or a .gguf file");
        }
        throw new ModelNotFoundException("the folder " + text
                + " has no config.json; to run a .gguf file in it, name it: " + path.resolve(files.get(0)));
    }

    private static boolean holds(Path folder, String pattern) {
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            return files.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> ggufFiles(Path folder) {
        List<String> names = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, LocalModel::isGguf)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    private static boolean isGguf(Path path) {
        return endsWith(path, ".gguf");
    }

    private static boolean endsWith(Path path, String suffix) {
        return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(suffix);
    }
}
