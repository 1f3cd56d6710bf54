package org.jllm.bench;

import java.nio.file.Path;

/**
 * Writes random models in the form that an engine reads. Found by {@link java.util.ServiceLoader}, so that an engine can
 * bring its own.
 */
public interface RandomModelWriter {
    /** The engine that reads what this writes. */
    String engine();

    /**
     * Writes a model.
     *
     * @param spec a shape, such as {@code llama:1.1b}
     * @param type of the weights, as the engine calls it
     * @param folder that exists and is empty
     * @return what to hand to the engine: the folder, or a file in it
     * @throws org.jllm.api.InvalidRequestException if shape or type are unknown; lists those that there are
     * @throws org.jllm.api.CapacityException if the disk has no room
     */
    Path write(String spec, String type, Path folder);
}
