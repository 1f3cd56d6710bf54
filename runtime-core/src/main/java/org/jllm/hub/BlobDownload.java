package org.jllm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.JllmException;
import org.jspecify.annotations.Nullable;

/** Brings one file in ranges that run beside each other, and hashes them in order while later ones still come. */
final class BlobDownload {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private final HubApi api;
    private final RepositoryListing listing;
    private final RepositoryFile file;
    private final PartialBlob partial;
    private final Backoffs backoffs;
    private final PullObserver observer;
    private final List<ReentrantLock> locks = new ArrayList<>();
    private final ReentrantLock wholeFile = new ReentrantLock();
    private final AtomicReference<@Nullable String> storageTag = new AtomicReference<>();

    /** Makes a count of attempts for one thing. */
    @FunctionalInterface
    interface Backoffs {
        Backoff of(String what);
    }

    BlobDownload(
            HubApi api,
            RepositoryListing listing,
            RepositoryFile file,
            PartialBlob partial,
            Backoffs backoffs,
            PullObserver observer) {
        this.api = api;
        this.listing = listing;
        this.file = file;
        this.partial = partial;
        this.backoffs = backoffs;
        this.observer = observer;
        for (int part = 0; part < partial.parts(); part++) {
            locks.add(new ReentrantLock());
        }
    }

    /**
     * Brings what is missing.
     *
     * @throws ContentChangedException if the content is not what the hub has listed
     * @throws JllmException if it cannot be had; what has come stays
     */
    void run(ExecutorService workers) throws ContentChangedException, InterruptedException, IOException {
        List<Optional<Future<Void>>> running = new ArrayList<>();
        try {
            for (int part = 0; part < partial.parts(); part++) {
                int each = part;
                Callable<Void> task = () -> {
                    fetch(each);
                    return null;
                };
                running.add(partial.isComplete(part) ? Optional.empty() : Optional.of(workers.submit(task)));
            }
            ContentHash hash = new ContentHash(file);
            for (int part = 0; part < partial.parts(); part++) {
                if (running.get(part).isPresent()) {
                    running.get(part).get().get();
                }
                partial.hash(part, hash);
            }
            if (!hash.isRight()) {
                throw new ContentChangedException(file.path() + " came with other content than its hash says");
            }
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } finally {
            running.forEach(task -> task.ifPresent(each -> each.cancel(true)));
        }
    }

    private static IOException unwrapped(@Nullable Throwable cause)
            throws ContentChangedException, InterruptedException {
        if (cause instanceof ContentChangedException changed) {
            throw changed;
        } else if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        } else if (cause instanceof RuntimeException failure) {
            throw failure;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException e ? e : new IOException(cause);
    }

    private void fetch(int part) throws ContentChangedException, InterruptedException, DiskException {
        Backoff backoff = backoffs.of("download " + file.path() + " of " + listing.id());
        while (!partial.isComplete(part)) {
            long before = partial.done(part);
            try {
                fetchOnce(part);
            } catch (DiskException e) {
                throw e;
            } catch (IOException e) {
                if (partial.done(part) > before) {
                    backoff.succeeded();
                }
                backoff.failed(e);
            }
        }
    }

    private void fetchOnce(int part) throws IOException, ContentChangedException, InterruptedException {
        long from = partial.start(part) + partial.done(part);
        long end = partial.start(part) + partial.length(part);
        boolean all = from == 0 && end == file.size();
        try (HubResponse response =
                api.open(listing.id(), listing.commit(), file, all ? null : "bytes=" + from + "-" + (end - 1))) {
            checkTags(response);
            if (response.status() == 206) {
                checkRange(response, from);
                locks.get(part).lockInterruptibly();
                try {
                    if (partial.start(part) + partial.done(part) == from) {
                        copy(response.body(), part);
                    }
                } finally {
                    locks.get(part).unlock();
                }
            } else {
                copyAll(response.body());
            }
        }
    }

    /** A server without ranges sends the file from its begin: what is here is skipped. */
    private void copyAll(InputStream body) throws IOException, InterruptedException {
        wholeFile.lockInterruptibly();
        try {
            for (int part = 0; part < partial.parts(); part++) {
                locks.get(part).lockInterruptibly();
                try {
                    body.skipNBytes(partial.done(part));
                    copy(body, part);
                } finally {
                    locks.get(part).unlock();
                }
            }
        } finally {
            wholeFile.unlock();
        }
    }

    private void copy(InputStream body, int part) throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (!partial.isComplete(part)) {
            int wanted = (int) Math.min(buffer.length, partial.length(part) - partial.done(part));
            int read = body.read(buffer, 0, wanted);
            if (read < 0) {
                throw new TransientException("the connection was cut", null);
            }
            try {
                partial.append(part, ByteBuffer.wrap(buffer, 0, read));
            } catch (IOException e) {
                throw new DiskException(e);
            }
            observer.progress(read);
        }
    }

    private void checkRange(HubResponse response, long from) throws ContentChangedException {
        Matcher range = CONTENT_RANGE.matcher(response.header("Content-Range"));
        if (!range.matches()
                || Long.parseLong(range.group(1)) != from
                || Long.parseLong(range.group(3)) != file.size()) {
            throw new ContentChangedException(file.path() + " came in another range or size than was asked for");
        }
    }

    /** The hub names the content by its hash; a storage host has a tag of its own, which must not change between parts. */
    private void checkTags(HubResponse response) throws ContentChangedException {
        String tag = response.first()
                .firstValue("X-Linked-Etag")
                .or(() -> response.first().firstValue("ETag"))
                .map(BlobDownload::plain)
                .orElse("");
        if (HASH.matcher(tag).matches() && tag.length() == file.etag().length() && !tag.equals(file.etag())) {
            throw new ContentChangedException(file.path() + " has changed on the hub");
        }
        String stored = plain(response.header("ETag"));
        if (stored.isEmpty()) {
            return;
        }
        String earlier = storageTag.compareAndExchange(null, stored);
        if (earlier != null && !earlier.equals(stored)) {
            throw new ContentChangedException(file.path() + " has changed while it was downloaded");
        }
    }

    /** A tag without its marks. */
    static String plain(String tag) {
        return tag.replaceFirst("^W/", "").replace("\"", "");
    }
}
