package org.jllm.gguf.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.Jllm;

/** The GGUF file of the embedded model. */
final class Embedded {
    private static final String RESOURCE = "/org/jllm/models/manpage-ja-6m/manpage-ja-6m-bf16.gguf";

    private Embedded() {}

    static Path file(Path folder) throws IOException {
        Path file = folder.resolve("embedded.gguf");
        try (InputStream resource = Jllm.class.getResourceAsStream(RESOURCE)) {
            Files.copy(resource, file);
        }
        return file;
    }
}
