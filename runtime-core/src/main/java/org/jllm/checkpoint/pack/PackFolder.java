package org.jllm.checkpoint.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jllm.hub.BlobLock;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.FreeSpace;
import org.jspecify.annotations.Nullable;

/**
 * Packs of all models, in jllm's own cache: model folders are shared with other programs, or cannot be written to. A pack is found
 * by what it was made of, so that one of a file that has changed is never read. One process writes at a time; what does not
 * fit is not kept, the packs used longest ago go first. Nothing here fails a load. Safe for use by several threads and processes.
 */
public final class PackFolder {
    /** The folder's name in the cache. */
    public static final String NAME = "packs";

    static final System.Logger LOGGER = System.getLogger(PackFolder.class.getName());

    private static final String SUFFIX = ".safetensors";
    private static final int NAME_DIGITS = 32;
    /** Smaller ones are made as fast as they are read. */
    private static final long LEAST_BYTES = 16L << 20;
    /** Of the space that is free or taken by packs, they may take one part in so many. */
    private static final int SHARE = 4;

    private final Path root;
    private final @Nullable Long mostBytes;
    private final Conditions conditions;

    /**
     * What lies outside, for tests to replace.
     *
     * @param leastBytes smaller packs are not kept
     */
    record Conditions(long leastBytes, FreeSpace freeSpace, InstantSource clock) {
        static final Conditions REAL = new Conditions(LEAST_BYTES, FreeSpace.OF_DISK, Clock.systemUTC());
    }

    PackFolder(Path root, @Nullable Long mostBytes, Conditions conditions) {
        this.root = root.toAbsolutePath().normalize();
        this.mostBytes = mostBytes;
        this.conditions = conditions;
    }

    /**
     * The packs of the user who runs this process.
     *
     * @param mostBytes that they may take together; 0: none are read or written; null: a quarter of what is free or theirs
     */
    public static PackFolder ofUser(@Nullable Long mostBytes) {
        return new PackFolder(CacheFolder.ofUser().root().resolve(NAME), mostBytes, Conditions.REAL);
    }

    /** Packs of any size and of files of any age in a folder, which need not exist. */
    public static PackFolder at(Path root, @Nullable Long mostBytes) {
        return new PackFolder(
                root,
                mostBytes,
                new Conditions(0, FreeSpace.OF_DISK, () -> Instant.now().plusSeconds(60)));
    }

    public Path root() {
        return root;
    }

    /** What a pack of these matrices would be, as the model's files are now; empty if it would not be kept. */
    public Optional<PackContent> content(PackRequest request) {
        boolean kept = (mostBytes == null || mostBytes > 0) && request.bytes() >= Math.max(1, conditions.leastBytes());
        try {
            return kept ? Optional.of(PackContent.of(request)) : Optional.empty();
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "packed matrices are not kept", e);
            return Optional.empty();
        }
    }

    /** A pack, if it is here and whole so far as its header tells; a damaged one is deleted. */
    public Optional<Pack> open(PackContent content) {
        Path file = file(content);
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            Optional<Pack> pack = Pack.open(file, content);
            if (pack.isPresent()) {
                touch(file);
            } else {
                delete(file);
            }
            return pack;
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not read: " + file, e);
            return Optional.empty();
        }
    }

    /** Deletes a pack that turned out to be damaged. */
    public void drop(Pack pack) {
        pack.close();
        delete(pack.file());
    }

    /** A writer for a pack, to be used by this thread; empty if there is no room, or another process writes one. */
    public Optional<PackWriter> begin(PackContent content) {
        Optional<BlobLock> lock = Optional.empty();
        try {
            lock = lock();
            if (lock.isPresent()) {
                abandoned().forEach(PackFolder::delete);
                if (makeRoom(content.header().length + content.dataBytes())) {
                    return Optional.of(new PackWriter(content, file(content), conditions.clock(), lock.get()));
                }
            }
            LOGGER.log(System.Logger.Level.DEBUG, lock.isPresent() ? "no room for a pack" : "another pack is written");
        } catch (IOException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "packed matrices are not kept in " + root, e);
        }
        lock.ifPresent(PackFolder::free);
        return Optional.empty();
    }

    static void free(BlobLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not closed", e);
        }
    }

    /** The files that were begun by processes which have ended; to be called by who has the lock. */
    private List<Path> abandoned() {
        return files().filter(file -> file.toString().endsWith(".partial")).toList();
    }

    private boolean makeRoom(long needed) throws IOException {
        List<KeptPack> packs = new ArrayList<>(all());
        long used = packs.stream().mapToLong(KeptPack::bytes).sum();
        long free = conditions.freeSpace().of(root);
        long most = mostBytes != null ? mostBytes : free == Long.MAX_VALUE ? free : (free + used) / SHARE;
        boolean possible = needed <= most && needed - used <= free;
        packs.sort(Comparator.comparing(KeptPack::obsolete).reversed().thenComparing(KeptPack::used));
        for (KeptPack pack : packs) {
            boolean fits = used + needed <= most && needed <= free;
            boolean goes = pack.obsolete() || (possible && !fits);
            if (goes && delete(pack.file())) {
                used -= pack.bytes();
                free += free == Long.MAX_VALUE ? 0 : pack.bytes();
            }
        }
        return used + needed <= most && needed <= free;
    }

    /** All packs, the largest first. */
    public List<KeptPack> all() {
        return files().filter(file -> file.toString().endsWith(SUFFIX))
                .flatMap(file -> KeptPack.describe(file).stream())
                .sorted(Comparator.comparingLong(KeptPack::bytes).reversed().thenComparing(KeptPack::file))
                .toList();
    }

    /**
     * Deletes packs, and what was begun by processes that have ended.
     *
     * @param dryRun whether it is only told
     * @return those that are deleted or would be
     */
    public List<KeptPack> remove(Predicate<KeptPack> which, boolean dryRun) {
        List<KeptPack> found = all().stream().filter(which).toList();
        if (dryRun || !Files.isDirectory(root)) {
            return found;
        }
        try {
            Optional<BlobLock> lock = lock();
            if (lock.isPresent()) {
                abandoned().forEach(PackFolder::delete);
                free(lock.get());
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not deleted in " + root, e);
        }
        return found.stream().filter(pack -> delete(pack.file())).toList();
    }

    private Optional<BlobLock> lock() throws IOException {
        return BlobLock.tryAcquire(root.resolve(".lock"));
    }

    private Path file(PackContent content) {
        return root.resolve(Fingerprint.of(content.header()).substring(0, NAME_DIGITS) + SUFFIX);
    }

    private Stream<Path> files() {
        if (!Files.isDirectory(root)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(root)) {
            return files.toList().stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    /** Says that a pack was used. */
    private void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(conditions.clock().instant()));
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not touched", e);
        }
    }

    private static boolean delete(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not deleted", e);
            return false;
        }
    }
}
