package org.jllm.hub;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that can still be written below a folder. */
@FunctionalInterface
interface FreeSpace {
    FreeSpace OF_FILE_STORE = folder -> {
        FileStore store = Files.getFileStore(folder);
        // File systems that do not say their size have none here.
        return store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
    };

    long of(Path folder) throws IOException;
}
