package org.jllm.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.Location;

/**
 * Repositories in the layout of {@code huggingface_hub}: {@code models--<organisation>--<name>/} has the contents by their
 * hash in {@code blobs/}, links to them by name in {@code snapshots/<commit>/}, and the commit of each branch or tag in
 * {@code refs/}; {@code .locks/} beside it says who downloads what.
 *
 * @param root the folder of the repositories
 */
record HuggingFaceCache(Path root) {
    static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    /** Ends the names of what is put in place in one step. */
    static final String TEMPORARY = ".jllm-tmp";

    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final int LONGEST_REF = 100;
    private static final String PREFIX = "models--";
    private static final String LOCKS = ".locks";

    /** As {@code huggingface_hub} finds it: {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, home. */
    static HuggingFaceCache of(Map<String, String> environment, Path home) {
        for (String name : new String[] {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
            String cache = environment.getOrDefault(name, "");
            if (!cache.isBlank()) {
                return new HuggingFaceCache(expanded(cache, home));
            }
        }
        return new HuggingFaceCache(home(environment, home).resolve("hub"));
    }

    /** Where {@code huggingface_hub} keeps all that it has. */
    static Path home(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("HF_HOME", "");
        if (!own.isBlank()) {
            return expanded(own, home);
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg)).resolve("huggingface");
    }

    private static Path expanded(String path, Path home) {
        return path.equals("~") || path.startsWith("~/")
                ? home.resolve(path.substring(1).replaceFirst("^/", ""))
                : Path.of(path);
    }

    /** The folder of a repository, which need not exist. */
    Path folder(String repository) {
        if (!REPOSITORY.matcher(repository).matches() || repository.contains("--") || repository.contains("..")) {
            throw new InvalidRequestException("not the name of a repository of the hub: '" + repository + "'");
        }
        return root.resolve(PREFIX + repository.replace("/", "--"));
    }

    /** The repository whose folder has this name. */
    static Optional<String> repository(Path folder) {
        String name = String.valueOf(folder.getFileName());
        if (!name.startsWith(PREFIX)) {
            return Optional.empty();
        }
        return Optional.of(name.substring(PREFIX.length()).replaceFirst("--", "/"))
                .filter(repository -> REPOSITORY.matcher(repository).matches());
    }

    Path lock(String repository, String etag) {
        return locks(repository).resolve(etag + ".lock");
    }

    Path locks(String repository) {
        return root.resolve(LOCKS).resolve(String.valueOf(folder(repository).getFileName()));
    }

    Path blob(String repository, String etag) {
        return folder(repository).resolve("blobs").resolve(etag);
    }

    Path snapshot(String repository, String commit) {
        return folder(repository).resolve("snapshots").resolve(commit);
    }

    /** The folder of a revision's files, as far as it is known here; some of them may be missing. */
    Optional<Path> find(Location.Repository repository) {
        if (!REPOSITORY.matcher(repository.id()).matches() || repository.id().contains("--")) {
            return Optional.empty();
        }
        Optional<String> commit = COMMIT.matcher(repository.revision()).matches()
                ? Optional.of(repository.revision())
                : commit(folder(repository.id()).resolve("refs").resolve(repository.revision()));
        return commit.map(each -> snapshot(repository.id(), each)).filter(Files::isDirectory);
    }

    private static Optional<String> commit(Path ref) {
        try {
            if (!Files.isRegularFile(ref) || Files.size(ref) > LONGEST_REF) {
                return Optional.empty();
            }
            String commit = new String(Files.readAllBytes(ref), StandardCharsets.ISO_8859_1).strip();
            return COMMIT.matcher(commit).matches() ? Optional.of(commit) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Says which commit a branch or a tag is at. */
    void point(Location.Repository repository, String commit) throws IOException {
        if (repository.revision().equals(commit)) {
            return;
        }
        Path ref = folder(repository.id()).resolve("refs").resolve(repository.revision());
        if (commit(ref).equals(Optional.of(commit))) {
            return;
        }
        Files.createDirectories(ref.getParent());
        Path temporary = temporary(ref);
        Files.writeString(temporary, commit, StandardCharsets.ISO_8859_1);
        Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether a snapshot has this file with the right content. */
    boolean has(String repository, String commit, RepositoryFile file) {
        Path pointer = snapshot(repository, commit).resolve(file.path());
        try {
            boolean right = !Files.isSymbolicLink(pointer)
                    || String.valueOf(pointer.toRealPath().getFileName()).equals(file.etag())
                    || Files.isSymbolicLink(blob(repository, file.etag()));
            return right && Files.isRegularFile(pointer) && Files.size(pointer) == file.size();
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives a content its name in a snapshot: by a link, or where there are no links by a copy. */
    void link(String repository, String commit, RepositoryFile file) throws IOException {
        Path blob = blob(repository, file.etag());
        Path pointer = snapshot(repository, commit).resolve(file.path());
        Path folder = snapshot(repository, commit).resolve(file.folder());
        Files.createDirectories(folder);
        Path temporary = temporary(pointer);
        try {
            Files.createSymbolicLink(temporary, folder.relativize(blob));
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (e instanceof FileAlreadyExistsException) {
                throw (FileAlreadyExistsException) e;
            }
            Files.copy(blob, temporary);
        }
        Files.move(temporary, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
    }

    /** Whether a content is here; one of another size is damaged. */
    boolean hasBlob(String repository, RepositoryFile file) throws IOException {
        Path blob = blob(repository, file.etag());
        return Files.isRegularFile(blob) && Files.size(blob) == file.size();
    }

    /** Whether anything of a repository is here. */
    boolean knows(String repository) {
        return Files.exists(folder(repository).resolve("snapshots"), LinkOption.NOFOLLOW_LINKS);
    }
}
