package org.jllm.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;

/** The GGUF file of a model. */
final class ModelFile {
    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

    private ModelFile() {}

    /**
     * The file to give to llama.cpp.
     *
     * @param files a {@code .gguf} file, or a folder that holds one, possibly in parts {@code -00001-of-0000N}
     * @throws ModelNotFoundException if there is none
     * @throws InvalidRequestException if the folder holds more than one model
     * @throws InvalidModelException if the file is no GGUF
     */
    static Path find(Path files) {
        Path file = Files.isDirectory(files) ? only(files) : files;
        validate(file);
        return file;
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

    /** Everything that has to be known of a file before llama.cpp, which trusts it in places, sees it. */
    private static void validate(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new InvalidModelException(file + " is no GGUF file: it does not begin with the letters GGUF");
            }
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
