package org.jllm.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Real models that come in jars: a graph and a {@code tokenizer.json}, without a configuration. */
public enum JarModel {
    ALL_MINILM("all-minilm-l6-v2", "mean"),
    /** Its matrices are quantised, and activations are as they come. */
    BGE_SMALL("bge-small-en-v1.5-q", "cls"),
    E5_SMALL("e5-small-v2", "mean");

    private final String name;
    private final String pooling;

    /** @param pooling that its authors' repository names */
    JarModel(String name, String pooling) {
        this.name = name;
        this.pooling = pooling;
    }

    /** Writes the model as a repository would have it. */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        copy(name + ".onnx", folder.resolve("onnx/model.onnx"));
        copy(name + "-tokenizer.json", folder.resolve("tokenizer.json"));
        return pooled(folder, pooling);
    }

    /** Adds the files that say how vectors are pooled. */
    static Path pooled(Path folder, String pooling) throws IOException {
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"" + pooling + "\"}");
        Files.writeString(folder.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
                """);
        return folder;
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = Objects.requireNonNull(JarModel.class.getResourceAsStream("/" + resource), resource)) {
            Files.copy(in, file);
        }
    }
}
