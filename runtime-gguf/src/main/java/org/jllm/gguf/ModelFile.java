package org.jllm.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.gguf.file.GgufFile;

/** The GGUF file of a model. */
final class ModelFile {
    private ModelFile() {}

    /**
     * The file to give to llama.cpp.
     *
     * @param files a {@code .gguf} file, or a folder that holds one, possibly in parts {@code -00001-of-0000N}
     * @throws ModelNotFoundException if there is none
     * @throws InvalidRequestException if the folder holds more than one model
     * @throws InvalidModelException if the file is no sound GGUF
     */
    static Path find(Path files) {
        return read(files).files().get(0);
    }

    /** The header of that file: llama.cpp trusts a file in places where it should not, so it is checked whole first. */
    static GgufFile read(Path files) {
        return GgufFile.read(Files.isDirectory(files) ? only(files) : files);
    }

    private static Path only(Path folder) {
        List<Path> found;
        try (Stream<Path> children = Files.list(folder)) {
            found = children.filter(child -> {
                        String name = child.getFileName().toString().toLowerCase(Locale.ROOT);
                        boolean laterPart = name.matches(".*-\\d{5}-of-\\d{5}\\.gguf")
                                && !name.matches(".*-00001-of-\\d{5}\\.gguf");
                        return name.endsWith(".gguf") && !laterPart;
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ModelNotFoundException("cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new ModelNotFoundException("the folder " + folder
                    + " holds no .gguf file, which the engine 'gguf' needs: choose --engine transformers, or get one");
        }
        if (found.size() > 1) {
            throw new InvalidRequestException("the folder " + folder + " holds " + found.size()
                    + " .gguf files: name one, such as " + found.get(0));
        }
        return found.get(0);
    }
}
