package org.jllm.hub;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One that writes at a time, such as one download of a content, over all threads and processes of jllm. The operating system
 * frees the lock of a process that dies. Where the file system knows no locks, only the threads of this process exclude each
 * other. The thread that has a lock frees it.
 */
public final class BlobLock implements AutoCloseable {
    /** A file lock belongs to the whole process, so its threads need more. */
    private static final ReentrantLock[] THREADS =
            IntStream.range(0, 64).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    private final ReentrantLock threads;
    private final FileChannel channel;

    private BlobLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file whose folder need not exist yet
     * @param waiting is run if somebody else has it
     */
    static BlobLock acquire(Path file, Runnable waiting) throws IOException, InterruptedException {
        ReentrantLock threads = threads(file);
        boolean told = !threads.tryLock();
        if (told) {
            waiting.run();
            threads.lockInterruptibly();
        }
        FileChannel channel = null;
        try {
            channel = open(file);
            if (!isLocked(channel)) {
                if (!told) {
                    waiting.run();
                }
                channel.lock();
            }
            return new BlobLock(threads, channel);
        } catch (FileLockInterruptionException e) {
            close(channel, threads);
            throw new InterruptedException();
        } catch (IOException | RuntimeException e) {
            close(channel, threads);
            throw e;
        }
    }

    /** The lock, if nobody has it; the folder of the file is made. */
    public static Optional<BlobLock> tryAcquire(Path file) throws IOException {
        ReentrantLock threads = threads(file);
        if (!threads.tryLock()) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = open(file);
            if (isLocked(channel)) {
                return Optional.of(new BlobLock(threads, channel));
            }
            close(channel, threads);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            close(channel, threads);
            throw e;
        }
    }

    private static ReentrantLock threads(Path file) {
        return THREADS[Math.floorMod(file.toAbsolutePath().normalize().hashCode(), THREADS.length)];
    }

    private static FileChannel open(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Locks, unless another process has the lock; a file system without locks counts as locked. */
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return true;
        }
    }

    private static void close(@Nullable FileChannel channel, ReentrantLock threads) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            threads.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        close(channel, threads);
    }
}
