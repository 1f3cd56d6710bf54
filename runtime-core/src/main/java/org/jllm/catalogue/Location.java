package org.jllm.catalogue;

import java.nio.file.Path;

/** Where the files of a model come from. */
public sealed interface Location {
    /** A model that is packed into the library. */
    record Embedded(String name) implements Location {}

    /** A folder in Hugging Face layout. */
    record Folder(Path path) implements Location {}

    /** A single {@code .gguf} file. */
    record File(Path path) implements Location {}

    /** A repository of the Hugging Face hub, {@code organisation/name}. */
    record Repository(String id) implements Location {}

    /**
     * Files outside the hub, which a user has to get and then name by {@code path} in a catalogue of his own.
     *
     * @param advice where they are and what to do, or why there are none
     */
    record Elsewhere(String advice) implements Location {}
}
