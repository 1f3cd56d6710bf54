package org.jllm.hub;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** Bytes that can still be written below a folder. */
@FunctionalInterface
public interface FreeSpace {
    /** As the operating system says; without limit where it does not. */
    FreeSpace OF_DISK = folder -> {
        // Not through FileStore, which fails where the mount point cannot be seen, as in some containers.
        File file = folder.toFile();
        return file.getTotalSpace() == 0 ? Long.MAX_VALUE : file.getUsableSpace();
    };

    long of(Path folder) throws IOException;
}
