package org.jllm.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jllm.api.EngineException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.Location;

/**
 * The repositories in the Hugging Face cache, whoever has downloaded them: what they take and how they go. What another
 * process downloads at the moment is left alone.
 */
public final class DownloadedModels {
    private static final Duration RECENT = Duration.ofHours(1);

    private final HuggingFaceCache cache;

    /**
     * A repository of which there is something here.
     *
     * @param bytes on the disk, unfinished ones included
     * @param unfinishedBytes of downloads that were cut
     * @param commits of the revisions that are here
     */
    public record Repository(String id, Path folder, long bytes, long unfinishedBytes, List<String> commits) {}

    /** What was or would be deleted. */
    public record Removed(List<Path> files, long bytes) {}

    DownloadedModels(HuggingFaceCache cache) {
        this.cache = cache;
    }

    /** The folder of the repositories. */
    public Path root() {
        return cache.root();
    }

    /** All repositories, the largest first. */
    public List<Repository> all() {
        try (Stream<Path> folders = children(cache.root())) {
            return folders.flatMap(folder ->
                            HuggingFaceCache.repository(folder).stream().map(id -> describe(id, folder)))
                    .sorted(Comparator.comparingLong(Repository::bytes)
                            .reversed()
                            .thenComparing(Repository::id))
                    .toList();
        }
    }

    /** What is here of a repository, {@code organisation/name}. */
    public Optional<Repository> find(String id) {
        Path folder = cache.folder(id);
        return Files.isDirectory(folder) ? Optional.of(describe(id, folder)) : Optional.empty();
    }

    /** The repository that a file or folder belongs to, {@code organisation/name}; it need not be there any more. */
    public Optional<String> owner(Path path) {
        Path root = cache.root().toAbsolutePath().normalize();
        return path.startsWith(root) && path.getNameCount() > root.getNameCount()
                ? HuggingFaceCache.repository(root.relativize(path).getName(0))
                : Optional.empty();
    }

    private static Repository describe(String id, Path folder) {
        long unfinished = list(folder.resolve("blobs")).stream()
                .filter(DownloadedModels::isUnfinished)
                .mapToLong(DiskUsage::of)
                .sum();
        List<String> commits = list(folder.resolve("snapshots")).stream()
                .map(snapshot -> String.valueOf(snapshot.getFileName()))
                .toList();
        return new Repository(id, folder, DiskUsage.of(folder), unfinished, commits);
    }

    private static boolean isUnfinished(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(PartialBlob.SUFFIX) || name.endsWith(".incomplete");
    }

    /**
     * Deletes a repository; of one that is pinned to a revision, that revision and what no other one needs.
     *
     * @throws ModelNotFoundException if nothing of it is here
     * @throws UnavailableException if another process downloads it
     */
    public Removed remove(Location.Repository repository) {
        Path folder = cache.folder(repository.id());
        if (!Files.isDirectory(folder)) {
            throw new ModelNotFoundException(
                    "nothing of " + repository.id() + " is on this machine (looked into " + cache.root() + ")");
        }
        try (DownloadLocks locks = DownloadLocks.of(cache.locks(repository.id()), blobs(folder))) {
            if (!locks.all()) {
                throw new UnavailableException(
                        "another process downloads " + repository.id() + ": wait for it or end it first");
            }
            if (repository.revision().equals(new Location.Repository(repository.id()).revision())) {
                Removed removed = new Removed(List.of(folder), DiskUsage.of(folder));
                Folders.discard(folder, Folders.temporary(cache.root()));
                return removed;
            }
            return removeRevision(repository, folder);
        } catch (IOException e) {
            throw notDeleted(folder, e);
        }
    }

    private Removed removeRevision(Location.Repository repository, Path folder) throws IOException {
        Path snapshot = cache.find(repository)
                .orElseThrow(() -> new ModelNotFoundException(
                        repository.text() + " is not on this machine: " + folder + " has other revisions"));
        for (Path ref : files(folder.resolve("refs"))) {
            if (Files.readString(ref).strip().equals(String.valueOf(snapshot.getFileName()))) {
                Files.delete(ref);
            }
        }
        long before = DiskUsage.of(folder);
        Folders.discard(snapshot, Folders.temporary(folder));
        for (Path blob : unused(folder)) {
            Files.deleteIfExists(blob);
        }
        return new Removed(List.of(snapshot), before - DiskUsage.of(folder));
    }

    /**
     * Deletes what is of no more use: downloads that were cut, revisions that no branch or tag is at, contents that no
     * revision has.
     *
     * @param dryRun whether it is only told
     */
    public Removed prune(boolean dryRun) {
        List<Path> files = new ArrayList<>();
        long bytes = 0;
        for (Repository repository : all()) {
            try (DownloadLocks locks = DownloadLocks.of(cache.locks(repository.id()), blobs(repository.folder()))) {
                List<Path> superfluous = locks.all() ? superfluous(repository.folder()) : List.of();
                for (Path file : superfluous) {
                    files.add(file);
                    bytes += DiskUsage.of(file);
                    if (!dryRun && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                        Folders.discard(file, Folders.temporary(repository.folder()));
                    } else if (!dryRun) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (IOException e) {
                throw notDeleted(repository.folder(), e);
            }
        }
        return new Removed(files, bytes);
    }

    private static List<Path> superfluous(Path folder) throws IOException {
        Set<String> wanted = new HashSet<>();
        for (Path ref : files(folder.resolve("refs"))) {
            wanted.add(Files.readString(ref).strip());
        }
        List<Path> superfluous = new ArrayList<>();
        for (Path snapshot : list(folder.resolve("snapshots"))) {
            boolean pinned = wanted.isEmpty() || wanted.contains(String.valueOf(snapshot.getFileName()));
            if (!pinned) {
                superfluous.add(snapshot);
            }
        }
        Instant recently = Instant.now().minus(RECENT);
        for (Path blob : unused(folder, superfluous)) {
            // Another program may be about to finish or link what is new.
            boolean own = String.valueOf(blob.getFileName()).endsWith(PartialBlob.SUFFIX);
            if (own
                    || Files.getLastModifiedTime(blob, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isBefore(recently)) {
                superfluous.add(blob);
            }
        }
        return superfluous;
    }

    private static List<Path> unused(Path folder) throws IOException {
        return unused(folder, List.of());
    }

    /** Contents that no snapshot links to but those that go. */
    private static List<Path> unused(Path folder, List<Path> going) throws IOException {
        Set<String> used = new TreeSet<>();
        for (Path snapshot : list(folder.resolve("snapshots"))) {
            if (going.contains(snapshot)) {
                continue;
            }
            for (Path file : files(snapshot)) {
                if (Files.isSymbolicLink(file)) {
                    used.add(String.valueOf(Files.readSymbolicLink(file).getFileName()));
                }
            }
        }
        return list(folder.resolve("blobs")).stream()
                .filter(blob -> !used.contains(String.valueOf(blob.getFileName())))
                .toList();
    }

    /** The hashes of contents that are here or were begun. */
    private static Set<String> blobs(Path folder) {
        Set<String> etags = new TreeSet<>();
        for (Path blob : list(folder.resolve("blobs"))) {
            etags.add(String.valueOf(blob.getFileName()).replaceFirst("\\..*", ""));
        }
        return etags;
    }

    private static EngineException notDeleted(Path folder, IOException e) {
        return new EngineException(
                "cannot delete " + folder + ": " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }

    /** Files and links below a folder, which may be missing. */
    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = children(folder)) {
            return files.sorted().toList();
        }
    }

    private static Stream<Path> children(Path folder) {
        try {
            return Files.isDirectory(folder) ? Files.list(folder) : Stream.of();
        } catch (IOException e) {
            return Stream.of();
        }
    }
}
