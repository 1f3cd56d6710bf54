package org.jllm.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The locks of all contents of a repository, so far as nobody downloads them. */
final class DownloadLocks implements AutoCloseable {
    private final List<BlobLock> locks = new ArrayList<>();
    private boolean all = true;

    private DownloadLocks() {}

    static DownloadLocks of(Path folder, Set<String> etags) throws IOException {
        DownloadLocks locks = new DownloadLocks();
        try {
            for (String etag : etags) {
                Optional<BlobLock> lock = BlobLock.tryAcquire(folder.resolve(etag + ".lock"));
                lock.ifPresent(locks.locks::add);
                locks.all &= lock.isPresent();
            }
            return locks;
        } catch (IOException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /** Whether nobody else has any of them. */
    boolean all() {
        return all;
    }

    @Override
    public void close() throws IOException {
        for (BlobLock lock : locks) {
            lock.close();
        }
    }
}
