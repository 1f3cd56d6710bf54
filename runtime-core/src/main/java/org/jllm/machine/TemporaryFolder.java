package org.jllm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.jllm.api.CapacityException;

/** A folder that goes away when it is closed, and also when the process is ended by a signal. */
public final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Thread hook;

    private TemporaryFolder(Path path) {
        this.path = path;
        hook = new Thread(() -> delete(path));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Makes a folder where the system keeps temporary files.
     *
     * @throws CapacityException if that is not possible
     */
    public static TemporaryFolder create(String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new CapacityException("cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a folder in the parent of another one, which it can become in one step: by renaming it.
     *
     * @throws CapacityException if that is not possible
     */
    public static TemporaryFolder beside(Path folder) {
        Path absolute = folder.toAbsolutePath();
        Path temporary = absolute.resolveSibling(absolute.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            Files.createDirectories(temporary);
            return new TemporaryFolder(temporary);
        } catch (IOException e) {
            throw new CapacityException("cannot make the folder " + temporary + ": " + e.getMessage(), e);
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        delete(path);
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private static void delete(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.getLogger(TemporaryFolder.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot delete " + root, e);
        }
    }
}
