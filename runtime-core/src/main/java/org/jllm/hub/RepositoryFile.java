package org.jllm.hub;

import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;

/**
 * A file of a repository.
 *
 * @param path from the repository's root, with {@code /}
 * @param etag the name of its content: the SHA-256 of a large file, the SHA-1 that git knows a small one by
 */
record RepositoryFile(String path, long size, String etag) {
    private static final Pattern ETAG = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[^/\\\\:*?\"<>|\\p{Cntrl}]{1,200}");

    /** Whether its size and hash are known. */
    boolean isDescribed() {
        return size >= 0 && ETAG.matcher(etag).matches();
    }

    /** The name in its folder. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The folder from the root, with a slash at its end; empty for the root. */
    String folder() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /**
     * Fails if the path could lead out of the cache.
     *
     * @throws InvalidModelException if it could
     */
    void requireSafePath(String repository) {
        for (String name : path.split("/", -1)) {
            if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..") || name.endsWith(" ")) {
                throw new InvalidModelException(
                        repository + " has a file of the name '" + path + "', which is not written to this machine");
            }
        }
    }

    /**
     * This file.
     *
     * @throws InvalidModelException if its size or hash is not known
     */
    RepositoryFile requireHash(String repository) {
        if (!isDescribed()) {
            throw new InvalidModelException("the hub does not say size and hash of " + path + " in " + repository
                    + ", so it cannot be checked");
        }
        return this;
    }
}
