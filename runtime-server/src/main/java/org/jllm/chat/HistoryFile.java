package org.jllm.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jllm.hub.CacheFolder;

/** Where the lines that a user typed are remembered; only that user can read it. */
final class HistoryFile {
    private HistoryFile() {}

    /** The file in the user's cache, or nothing if it cannot be written. */
    static Optional<Path> ofUser() {
        return in(CacheFolder.ofUser().root().resolve("chat"));
    }

    static Optional<Path> in(Path folder) {
        Path file = folder.resolve("history");
        try {
            Files.createDirectories(folder);
            restrict(folder, "rwx------");
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            restrict(file, "rw-------");
            return Files.isWritable(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void restrict(Path path, String permissions) throws IOException {
        if (Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }
}
