package org.jllm.hub;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One installation at a time in a cache folder, over all threads and processes. The operating system frees the lock of a
 * process that dies. Where the file system knows no locks, installations may run side by side.
 */
final class InstallLock implements AutoCloseable {
    /** A file lock belongs to the whole process, so its threads need one more. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private static final Duration OLD = Duration.ofDays(1);

    private final Path root;
    private final FileChannel channel;
    private final boolean locked;

    private InstallLock(Path root, FileChannel channel, boolean locked) {
        this.root = root;
        this.channel = channel;
        this.locked = locked;
    }

    static InstallLock acquire(Path root) throws IOException {
        THREADS.lock();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new InstallLock(root, channel, lock(channel) != null);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            THREADS.unlock();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.lock();
        } catch (FileLockInterruptionException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
    }

    /** Deletes the temporary folders of processes that were killed; without a lock, only those that are old. */
    void deleteAbandoned() throws IOException {
        Instant limit = Instant.now().minus(OLD);
        try (var folders = Files.newDirectoryStream(root, Folders.TEMPORARY_PREFIX + "*")) {
            for (Path folder : folders) {
                if (locked || lastModified(folder).isBefore(limit)) {
                    Folders.deleteQuietly(folder);
                }
            }
        }
    }

    private static Instant lastModified(Path folder) {
        try {
            return Files.getLastModifiedTime(folder).toInstant();
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            THREADS.unlock();
        }
    }
}
