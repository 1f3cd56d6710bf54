package org.jllm.checkpoint.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;

/**
 * A file of a model in the state that it had.
 *
 * @param path without symbolic links, so that a file of the hub's cache has its hash in it
 * @param state what changes when the file does: size, time of its content, and where there is one the time of its last change
 */
public record SourceFile(Path path, String state) {
    /** File systems know times to two seconds at worst: what was written to later may have the same. */
    private static final Duration COARSEST = Duration.ofSeconds(2);

    static SourceFile of(Path file) throws IOException {
        Path real = file.toRealPath();
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        String state = attributes.size() + " " + attributes.lastModifiedTime().toInstant();
        boolean tellsChange = real.getFileSystem().supportedFileAttributeViews().contains("unix");
        return new SourceFile(real, tellsChange ? state + " " + Files.getAttribute(real, "unix:ctime") : state);
    }

    /** Whether the file is there as it was. */
    boolean isUnchanged() {
        try {
            return of(path).equals(this);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a change at {@code now} would show. */
    boolean wouldShowChange(Instant now) throws IOException {
        return Files.getLastModifiedTime(path).toInstant().plus(COARSEST).isBefore(now);
    }
}
