package org.jllm.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StrictJson;

/** The {@code modules.json} of a sentence-transformers folder: what a text goes through, one after the other. */
public final class SentenceModules {
    private static final String FILE = "modules.json";
    private static final String LIBRARY = "sentence_transformers.";
    private static final String TRANSFORMER = "Transformer";

    /** @param type the last part of its class */
    record Module(String type, Path folder) {}

    private SentenceModules() {}

    /**
     * Where the encoder and its tokenizer are: the folder that the first module names, or else the folder itself.
     *
     * @throws InvalidModelException if the list is damaged
     */
    public static Path body(Path folder) {
        return isIn(folder) && !Files.exists(folder.resolve("config.json"))
                ? read(folder).get(0).folder()
                : folder;
    }

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * The modules in their order, of which the first is the encoder.
     *
     * @throws InvalidModelException if the list is damaged
     * @throws UnsupportedModelException if the first is another
     */
    static List<Module> read(Path folder) {
        Path file = folder.resolve(FILE);
        List<Module> modules = new ArrayList<>();
        for (JsonNode node : StrictJson.list(file)) {
            ModelConfig fields = ModelConfig.parse(node.toString(), file + ": module " + modules.size());
            fields.requireAll("type");
            String type = fields.stringOr("type", "");
            if (!type.startsWith(LIBRARY)) {
                throw unknown(file, type);
            }
            String path = fields.stringOr("path", "");
            if (!path.matches("[\\w-][\\w. -]*|")) {
                throw new InvalidModelException(
                        fields.name() + ": path '" + StrictJson.bounded(path) + "' is no folder beside it");
            }
            modules.add(new Module(type.substring(type.lastIndexOf('.') + 1), folder.resolve(path)));
        }
        if (modules.isEmpty()) {
            throw new InvalidModelException(file + " lists no modules");
        }
        if (!modules.get(0).type().equals(TRANSFORMER)) {
            throw unknown(file, modules.get(0).type());
        }
        return List.copyOf(modules);
    }

    static UnsupportedModelException unknown(Path file, String type) {
        return new UnsupportedModelException(file + ": a module of type '" + StrictJson.bounded(type)
                + "' is not supported at its place; known are a Transformer, then a Pooling, then any of Dense, Normalize,"
                + " LayerNorm, Dropout");
    }

    static UnsupportedModelException unknown(Module module, Path folder) {
        return unknown(folder.resolve(FILE), module.type());
    }
}
