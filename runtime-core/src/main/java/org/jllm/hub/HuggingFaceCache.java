package org.jllm.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Repositories that {@code huggingface_hub} or a program in its layout has downloaded:
 * {@code models--<organisation>--<name>/snapshots/<commit>/}, with the commit of the main branch in {@code refs/main}.
 *
 * @param root the folder of the repositories
 */
record HuggingFaceCache(Path root) {
    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int LONGEST_REF = 100;

    /** As {@code huggingface_hub} finds it: {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, home. */
    static HuggingFaceCache of(Map<String, String> environment, Path home) {
        String cache = environment.getOrDefault("HF_HUB_CACHE", "");
        if (!cache.isBlank()) {
            return new HuggingFaceCache(Path.of(cache));
        }
        String huggingFaceHome = environment.getOrDefault("HF_HOME", "");
        if (!huggingFaceHome.isBlank()) {
            return new HuggingFaceCache(Path.of(huggingFaceHome, "hub"));
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
        return new HuggingFaceCache(caches.resolve("huggingface/hub"));
    }

    /** The newest snapshot of a repository's main branch, if it has the configuration of a model or an adapter. */
    Optional<Path> find(String repository) {
        if (!REPOSITORY.matcher(repository).matches()) {
            return Optional.empty();
        }
        Path folder = root.resolve("models--" + repository.replace("/", "--"));
        return commit(folder.resolve("refs/main"))
                .map(commit -> folder.resolve("snapshots").resolve(commit))
                .filter(snapshot -> Files.isRegularFile(snapshot.resolve("config.json"))
                        || Files.isRegularFile(snapshot.resolve("adapter_config.json")));
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
}
