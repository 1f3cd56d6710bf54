package org.example;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jllm.Jllm;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.GenerationOptions;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;

/**
 * Runs all examples on one model that writes and one that makes vectors: {@code demo}, or the name, folder or {@code .gguf}
 * file of the first and the second argument.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        // Japanese arrives whole whatever the locale.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        String name = arguments.length > 0 ? arguments[0] : "demo";
        GenerationOptions defaults = GenerationOptions.builder().maxTokens(200).build();
        Jllm jllm = Jllm.builder().generation(defaults).build();
        try (LanguageModel model = jllm.load(name, LoadOptions.none())) {
            Blocking.run(model, out);
            Callback.run(model, out);
            Streaming.run(model, out);
            Sharing.run(model, out);
            Cancelling.run(model, out);
        }
        String vectors = arguments.length > 1 ? arguments[1] : "demo";
        LoadOptions options = LoadOptions.builder()
                .engine(vectors.equals("demo") ? "gguf" : null)
                .build();
        try (EmbeddingModel model = jllm.loadEmbeddingModel(vectors, options)) {
            Search.run(model, out);
            JllmEmbeddingModel.run(model, out);
        }
    }
}
