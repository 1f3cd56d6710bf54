package org.jllm.hub;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidSettingException;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.UserHome;

/**
 * The folder in which jllm keeps what it unpacks: {@code JLLM_CACHE}, else the platform's place for caches. What stands
 * there under its name is complete: folders are filled under a temporary name and then renamed. Safe for use by several
 * threads and processes.
 */
public final class CacheFolder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path root;
    private final FreeSpace freeSpace;

    /** Fills a new, empty folder. */
    @FunctionalInterface
    public interface Installer {
        void install(Path folder) throws IOException;
    }

    /** The cache at this path, which need not exist yet. */
    public CacheFolder(Path root) {
        this(root, FreeSpace.OF_DISK);
    }

    CacheFolder(Path root, FreeSpace freeSpace) {
        this.root = root.toAbsolutePath().normalize();
        this.freeSpace = freeSpace;
    }

    /** The cache of the user who runs this process. */
    public static CacheFolder ofUser() {
        return ofUser(System.getenv());
    }

    static CacheFolder ofUser(Map<String, String> environment) {
        String system = System.getProperty("os.name", "");
        return new CacheFolder(userRoot(environment, system, UserHome.of(environment)));
    }

    static Path userRoot(Map<String, String> environment, String operatingSystem, Path home) {
        String own = environment.getOrDefault("JLLM_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own);
        }
        // The XDG specification has relative paths ignored.
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (new File(xdg).isAbsolute()) {
            return Path.of(xdg, "jllm");
        }
        String system = operatingSystem.toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return home.resolve("Library/Caches/jllm");
        }
        if (system.startsWith("windows")) {
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            return (local.isBlank() ? home.resolve("AppData/Local") : Path.of(local)).resolve("jllm");
        }
        return home.resolve(".cache/jllm");
    }

    public Path root() {
        return root;
    }

    /**
     * The folder {@code <root>/<name>}; where it is missing, it is made by the installer, once for all processes.
     *
     * @param name letters, digits, {@code . _ -}; should hold the version of the content
     * @param bytesNeeded what the installer will write
     * @throws CapacityException if the disk has less free space than that
     * @throws InvalidSettingException if the cache cannot be written to
     * @throws EngineException if the installer fails
     */
    public Path install(String name, long bytesNeeded, Installer installer) {
        return install(name, bytesNeeded, Files::isDirectory, installer);
    }

    /**
     * As {@link #install(String, long, Installer)}, for content that can be checked: a folder that is not intact is made
     * anew.
     *
     * @param intact whether a folder, which may be missing, is as the installer leaves it
     */
    public Path install(String name, long bytesNeeded, Predicate<Path> intact, Installer installer) {
        Path folder = child(name);
        if (intact.test(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(root);
            try (InstallLock lock = InstallLock.acquire(root)) {
                lock.deleteAbandoned();
                if (!intact.test(folder)) {
                    make(folder, bytesNeeded, intact, installer);
                }
            }
            return folder;
        } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
            throw new InvalidSettingException(
                    "the cache folder " + root + " cannot be written to: set JLLM_CACHE to a folder that can", e);
        } catch (IOException e) {
            throw new EngineException(
                    "cannot put " + name + " into the cache folder " + root + ": " + reason(e)
                            + "; JLLM_CACHE names another folder",
                    e);
        }
    }

    /** Deletes the folders whose name begins with {@code prefix}, but for {@code keep}; leaves what it cannot delete. */
    public void prune(String prefix, String keep) {
        if (!NAME.matcher(prefix).matches()) {
            throw new IllegalArgumentException("not a prefix of names in the cache: " + prefix);
        }
        try (var folders = Files.newDirectoryStream(root, child -> {
            String name = String.valueOf(child.getFileName());
            return name.startsWith(prefix) && !name.equals(keep) && Files.isDirectory(child);
        })) {
            for (Path folder : folders) {
                Folders.discard(folder, Folders.temporary(root));
            }
        } catch (IOException | RuntimeException e) {
            System.getLogger(CacheFolder.class.getName()).log(System.Logger.Level.DEBUG, "not pruned", e);
        }
    }

    private void make(Path folder, long bytesNeeded, Predicate<Path> intact, Installer installer) throws IOException {
        requireSpace(folder, bytesNeeded);
        Path temporary = Folders.temporary(root);
        try {
            Files.createDirectory(temporary);
            installer.install(temporary);
            if (Files.exists(folder)) {
                Folders.discard(folder, Folders.temporary(root));
            }
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Where the file system has no locks, another process may have been faster.
            if (!intact.test(folder)) {
                throw e;
            }
        } finally {
            Folders.deleteQuietly(temporary);
        }
    }

    private void requireSpace(Path folder, long needed) throws IOException {
        long free = freeSpace.of(root);
        if (free < needed) {
            throw new CapacityException("not enough disk space for " + folder + ": " + ByteSize.format(needed)
                    + " needed, " + ByteSize.format(free) + " free; free some or set JLLM_CACHE to a folder elsewhere");
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return e.getClass() == IOException.class && !line.isEmpty()
                ? line
                : e.getClass().getSimpleName() + (line.isEmpty() ? "" : " " + line);
    }

    private Path child(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name for a folder in the cache: " + name);
        }
        return root.resolve(name);
    }
}
