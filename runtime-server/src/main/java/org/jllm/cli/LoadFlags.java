package org.jllm.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how a model is loaded. */
final class LoadFlags extends Flags {
    @Option(names = "--engine", paramLabel = "NAME", description = "transformers, gguf or onnx.")
    @Nullable
    String engine;

    @Option(names = "--device", paramLabel = "NAME", description = "cpu or cuda:N.")
    @Nullable
    String device;

    @Option(names = "--dtype", paramLabel = "TYPE", description = "auto, float32, bfloat16 or float16.")
    @Nullable
    String dtype;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with; by default the physical cores.")
    @Nullable
    String threads;

    @Option(names = "--context", paramLabel = "N", description = "Tokens that prompt and answer may fill together.")
    @Nullable
    String context;

    @Option(names = "--cache-bytes", paramLabel = "SIZE", description = "Memory for keys and values, such as 2GiB.")
    @Nullable
    String cacheBytes;

    @Option(
            names = "--chat-template",
            paramLabel = "NAME|FILE",
            description = "plain, llama-2, or a file with a Jinja template.")
    @Nullable
    String chatTemplate;

    @Override
    void collect() {
        put("engine", engine);
        put("device", device);
        put("dtype", dtype);
        put("threads", threads);
        put("context", context);
        put("cache_bytes", cacheBytes);
        put("chat_template", chatTemplate);
    }
}
