package org.jllm.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaQuantizeParams;
import org.junit.jupiter.api.Assumptions;

/** The models of the tests, and llama.cpp itself where the build has it. */
final class TestModels {
    static final Path FOLDER = Path.of("../runtime-core/src/main/resources/org/jllm/models/manpage-ja-6m");

    private TestModels() {}

    /** llama.cpp; without it the test is skipped. */
    static LlamaCpp library() {
        Assumptions.assumeTrue(NativeFiles.present(), "this build has no llama.cpp: npm was missing");
        return LlamaCpp.get();
    }

    /** The embedded model in float32. */
    static Path float32() {
        library();
        Path file = Path.of("target/manpage-ja-6m-f32.gguf");
        try {
            if (!Files.exists(file)) {
                Path part = Files.createTempFile(Path.of("target"), "manpage", ".gguf");
                LlamaQuantizeParams params = Llama.llama_model_quantize_default_params();
                params.ftype = Llama.FTYPE_ALL_F32;
                params.allow_requantize = 1;
                params.nthread = 1;
                params.write();
                Path source = FOLDER.resolve("manpage-ja-6m-bf16.gguf");
                int status = Llama.llama_model_quantize(
                        LlamaCpp.text(source.toString()), LlamaCpp.text(part.toString()), params.getPointer());
                if (status != 0) {
                    throw new IllegalStateException("not written: " + status);
                }
                Files.move(part, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            }
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
