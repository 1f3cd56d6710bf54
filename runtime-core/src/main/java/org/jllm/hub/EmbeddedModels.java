package org.jllm.hub;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jllm.api.ModelNotFoundException;

/** The models that are packed into the library, unpacked into the cache when they are first used. */
public final class EmbeddedModels {
    private static final String RESOURCES = "/org/jllm/models/";
    private static final List<String> NAMES = List.of("manpage-ja-6m");

    private final CacheFolder cache;

    public EmbeddedModels(CacheFolder cache) {
        this.cache = cache;
    }

    /**
     * The folder of a model's files, in Hugging Face layout. Files that were changed or deleted there are restored.
     *
     * @throws ModelNotFoundException if no such model is embedded
     * @throws org.jllm.api.JllmException if the cache has no room or cannot be written to
     */
    public Path folder(String name) {
        Manifest manifest = manifest(name)
                .orElseThrow(() -> new ModelNotFoundException(
                        "no model " + name + " is embedded in this version; there are: " + String.join(", ", NAMES)));
        String folderName = folderName(name, manifest);
        return cache.install(folderName, manifest.bytes(), manifest::isIntact, folder -> {
            for (Manifest.File file : manifest.files()) {
                try (InputStream in = resource(name + "/" + file.name())) {
                    Files.copy(in, folder.resolve(file.name()));
                }
            }
            manifest.seal(folder);
            cache.prune(name + "-", folderName);
        });
    }

    /** Whether a model is unpacked already, undamaged. */
    public boolean isUnpacked(String name) {
        return manifest(name)
                .filter(manifest -> manifest.isIntact(cache.root().resolve(folderName(name, manifest))))
                .isPresent();
    }

    private static String folderName(String name, Manifest manifest) {
        return name + "-" + manifest.version();
    }

    private static Optional<Manifest> manifest(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        try (InputStream in = resource(name + ".sha256")) {
            return Optional.of(Manifest.read(in));
        } catch (IOException e) {
            throw new IllegalStateException("the library's own files are incomplete", e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = EmbeddedModels.class.getResourceAsStream(RESOURCES + name);
        if (in == null) {
            throw new FileNotFoundException("missing in the library: " + RESOURCES + name);
        }
        return in;
    }
}
