package org.jllm.hub;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the hub says of one revision of a repository.
 *
 * @param id by which it was asked for
 * @param license that its card names; null: none
 */
record RepositoryListing(
        String id,
        String commit,
        List<RepositoryFile> files,
        @Nullable String license) {
    RepositoryListing {
        files = List.copyOf(files);
    }

    Optional<RepositoryFile> find(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
