package org.jllm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.Location;
import org.jspecify.annotations.Nullable;

/**
 * Brings repositories from the hub into the cache. A content stands under its final name only when it is complete and its
 * hash is right; what was interrupted goes on where it was. Safe for use by several threads and processes.
 */
final class Hub {
    private static final int CONNECTIONS = 8;
    private static final int MOST_CHANGES = 3;
    private static final long PART_BYTES = 32L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HubAccess access;
    private final HuggingFaceCache cache;
    private final Map<String, String> environment;
    private final Conditions conditions;

    /**
     * What a test wants otherwise.
     *
     * @param patience how long the next bytes may take
     * @param partBytes of the ranges that are downloaded beside each other
     */
    record Conditions(Pause pause, InstantSource clock, FreeSpace freeSpace, Duration patience, long partBytes) {
        static final Conditions REAL =
                new Conditions(Pause.SLEEP, InstantSource.system(), FreeSpace.OF_DISK, PATIENCE, PART_BYTES);
    }

    Hub(HubOptions options, HuggingFaceCache cache, Map<String, String> environment, Conditions conditions) {
        access = HubAccess.of(options, environment);
        this.cache = cache;
        this.environment = environment;
        this.conditions = conditions;
    }

    boolean isOffline() {
        return access.offline();
    }

    /**
     * Downloads what is missing of a revision, asking the hub first which commit that is.
     *
     * @param license what is told of it at the first download; null: what its card says
     * @return the folder of its files
     * @throws ModelNotFoundException if the hub does not give it to this user
     * @throws UnavailableException if the hub may not or cannot be reached
     * @throws CapacityException if the disk is too full
     */
    Path pull(
            Location.Repository repository, FileSelection selection, @Nullable String license, PullObserver listener) {
        if (access.offline()) {
            throw new UnavailableException(repository.text() + " is not on this machine, and downloads are off"
                    + " (HF_HUB_OFFLINE, JLLM_OFFLINE or the key offline): allow them, or give a folder as MODEL");
        }
        PullObserver observer = new SerialObserver(listener);
        ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS, task -> {
            Thread thread = new Thread(task, "jllm-download");
            thread.setDaemon(true);
            return thread;
        });
        boolean complete = false;
        try {
            Path snapshot = new Job(repository, selection, license, observer, workers).run();
            complete = true;
            return snapshot;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the download of " + repository.id() + " was interrupted", e);
        } catch (IOException e) {
            throw onDisk(repository.id(), e);
        } finally {
            workers.shutdownNow();
            observer.end(repository.id(), complete);
        }
    }

    private JllmException onDisk(String repository, IOException e) {
        String reason = e.getClass() == IOException.class || e instanceof DiskException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + " " + e.getMessage();
        String message = "cannot write " + repository + " into " + cache.root() + ": " + reason
                + "; what has come is kept, and HF_HUB_CACHE names another folder";
        return reason.contains("space") || reason.contains("quota") || reason.contains("too large")
                ? new CapacityException(message, e)
                : new EngineException(message, e);
    }

    /** One download of one revision. */
    private final class Job {
        private final Location.Repository repository;
        private final FileSelection selection;
        private final @Nullable String license;
        private final boolean first;
        private final PullObserver observer;
        private final ExecutorService workers;
        private final HubApi api = new HubApi(
                access,
                new HubHttp(access, environment, conditions.patience()),
                new HubFailures(access, conditions.clock()));

        Job(
                Location.Repository repository,
                FileSelection selection,
                @Nullable String license,
                PullObserver observer,
                ExecutorService workers) {
            this.license = license;
            first = !cache.knows(repository.id());
            this.repository = repository;
            this.selection = selection;
            this.observer = observer;
            this.workers = workers;
        }

        Path run() throws IOException, InterruptedException {
            for (int changes = 1; ; changes++) {
                RepositoryListing listing = backoff("ask the hub for " + repository.text())
                        .run(() -> api.list(repository.id(), repository.revision()));
                try {
                    bring(listing);
                    cache.point(repository, listing.commit());
                    return cache.snapshot(repository.id(), listing.commit());
                } catch (ContentChangedException e) {
                    if (changes >= MOST_CHANGES) {
                        throw new UnavailableException(
                                repository.id() + ": " + e.getMessage() + ", " + changes
                                        + " times; nothing of it was kept, try again later",
                                e);
                    }
                    observer.note(e.getMessage() + "; once more");
                }
            }
        }

        private Backoff backoff(String what) {
            return new Backoff(what, conditions.pause(), observer);
        }

        private void bring(RepositoryListing listing)
                throws IOException, InterruptedException, ContentChangedException {
            for (RepositoryFile index : selection.indexes(listing)) {
                bring(listing, described(listing, index), PullObserver.NONE);
            }
            List<RepositoryFile> wanted = new ArrayList<>();
            for (RepositoryFile file : selection.files(
                    listing,
                    index -> SnapshotFiles.shards(
                            cache.snapshot(repository.id(), listing.commit()).resolve(index.path())))) {
                wanted.add(described(listing, file));
            }
            plan(wanted, listing);
            for (RepositoryFile file : wanted) {
                bring(listing, file, observer);
            }
        }

        /** A file that may be written and can be checked. */
        private RepositoryFile described(RepositoryListing listing, RepositoryFile file) throws InterruptedException {
            file.requireSafePath(repository.id());
            RepositoryFile known = file.isDescribed()
                    ? file
                    : backoff("ask the hub for " + file.path() + " of " + repository.id())
                            .run(() -> api.describe(repository.id(), listing.commit(), file));
            return known.requireHash(repository.id());
        }

        /** Says what will be downloaded, and looks whether there is room for it. */
        private void plan(List<RepositoryFile> wanted, RepositoryListing listing) throws IOException {
            long bytes = 0;
            long present = 0;
            for (RepositoryFile file : wanted) {
                bytes += file.size();
                present += cache.has(repository.id(), listing.commit(), file) || cache.hasBlob(repository.id(), file)
                        ? file.size()
                        : PartialBlob.received(partial(file), file.size());
            }
            Path folder = cache.folder(repository.id());
            Files.createDirectories(folder);
            long free = conditions.freeSpace().of(folder);
            if (bytes - present > free) {
                throw new CapacityException(
                        "not enough disk space for " + repository.id() + " in " + cache.root() + ": "
                                + ByteSize.format(bytes - present) + " needed, " + ByteSize.format(free)
                                + " free; free some ('jllm cache' shows what is there) or set HF_HUB_CACHE to a folder elsewhere");
            }
            String told = license != null ? license : listing.license();
            if (first && told != null) {
                observer.note(repository.id() + ": licence " + told);
            }
            observer.begin(repository.id(), bytes, present);
        }

        private Path partial(RepositoryFile file) {
            return cache.blob(repository.id(), file.etag() + PartialBlob.SUFFIX);
        }

        private void bring(RepositoryListing listing, RepositoryFile file, PullObserver progress)
                throws IOException, InterruptedException, ContentChangedException {
            String id = repository.id();
            if (cache.has(id, listing.commit(), file)) {
                return;
            }
            if (!cache.hasBlob(id, file)) {
                try (BlobLock lock = BlobLock.acquire(
                        cache.lock(id, file.etag()),
                        () -> observer.note("another process downloads " + file.path() + " of " + id + "; waiting"))) {
                    if (!cache.hasBlob(id, file)) {
                        download(listing, file, progress);
                    }
                }
            }
            cache.link(id, listing.commit(), file);
        }

        private void download(RepositoryListing listing, RepositoryFile file, PullObserver progress)
                throws IOException, InterruptedException, ContentChangedException {
            Path target = cache.blob(repository.id(), file.etag());
            Files.createDirectories(target.getParent());
            try (PartialBlob partial = new PartialBlob(partial(file), file.size(), conditions.partBytes())) {
                try {
                    new BlobDownload(api, listing, file, partial, this::backoff, progress).run(workers);
                    partial.finish(target);
                } catch (ContentChangedException e) {
                    progress.progress(-partial.received());
                    partial.discard();
                    throw e;
                }
            }
        }
    }

    /** Hands calls of several threads on one by one. */
    private record SerialObserver(PullObserver observer) implements PullObserver {
        @Override
        public synchronized void note(@Nullable String line) {
            observer.note(String.valueOf(line));
        }

        @Override
        public synchronized void begin(String repository, long bytes, long present) {
            observer.begin(repository, bytes, present);
        }

        @Override
        public synchronized void progress(long bytes) {
            observer.progress(bytes);
        }

        @Override
        public synchronized void end(String repository, boolean complete) {
            observer.end(repository, complete);
        }
    }
}
