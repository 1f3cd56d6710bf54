package org.jllm.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Real models that come in jars: a graph and a {@code tokenizer.json}, without a configuration. */
enum JarModel {
    ALL_MINILM("all-minilm-l6-v2"),
    /** Its matrices are quantised, and activations are as they come. */
    BGE_SMALL("bge-small-en-v1.5-q"),
    E5_SMALL("e5-small-v2");

    private final String name;

    JarModel(String name) {
        this.name = name;
    }

    /** Writes the model as a repository would have it. */
    Path write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        copy(name + ".onnx", folder.resolve("onnx/model.onnx"));
        copy(name + "-tokenizer.json", folder.resolve("tokenizer.json"));
        return folder;
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = Objects.requireNonNull(JarModel.class.getResourceAsStream("/" + resource), resource)) {
            Files.copy(in, file);
        }
    }
}
