package org.jllm.checkpoint.pack;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/**
 * The matrices of a model in a form that may be kept on the disk.
 *
 * @param model its folder, for people
 * @param form for people, such as {@code int8}
 * @param recipe says, with the content of the files, which numbers they are: how they are made, and of which tensors
 * @param files of the model that the numbers depend on
 * @param tensors in the order in which they are made, with the most bytes that they may take
 */
public record PackRequest(Path model, String form, String recipe, Set<Path> files, List<Announced> tensors) {
    public PackRequest {
        files = Set.copyOf(files);
        tensors = List.copyOf(tensors);
    }

    long bytes() {
        return tensors.stream().mapToLong(Announced::byteLength).sum();
    }
}
