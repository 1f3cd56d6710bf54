package org.jllm.hub;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Folders that come and go. */
final class Folders {
    static final String TEMPORARY_PREFIX = ".installing-";

    private Folders() {}

    /** A name in {@code parent} that nobody else uses. */
    static Path temporary(Path parent) {
        return parent.resolve(TEMPORARY_PREFIX + UUID.randomUUID());
    }

    /** Takes a folder away in one step, then deletes it: nobody sees it half deleted. */
    static void discard(Path folder, Path temporary) throws IOException {
        Files.move(folder, temporary, StandardCopyOption.ATOMIC_MOVE);
        delete(temporary);
    }

    /** Deletes a folder and all that is in it, but nothing behind symbolic links. A folder that is missing is fine. */
    static void delete(Path folder) throws IOException {
        try {
            Files.walkFileTree(folder, new Deleter());
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }

    /** Deletes what can be deleted of a temporary folder; the rest is found and deleted by a later start. */
    static void deleteQuietly(Path folder) {
        try {
            delete(folder);
        } catch (IOException e) {
            System.getLogger(Folders.class.getName()).log(System.Logger.Level.DEBUG, "not deleted", e);
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
