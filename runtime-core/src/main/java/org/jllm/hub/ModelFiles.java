package org.jllm.hub;

import java.nio.file.Path;
import java.util.Map;
import org.jllm.api.ModelNotFoundException;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.UserHome;

/** Finds the files of a model on this machine. Safe for use by several threads. */
public final class ModelFiles {
    private final EmbeddedModels embedded;
    private final HuggingFaceCache huggingFace;

    /** Whether the files of a model are on this machine. */
    public enum State {
        /** They come with the library. */
        EMBEDDED("embedded"),
        /** They are here. */
        LOCAL("local"),
        /** They would have to be downloaded. */
        REMOTE("remote");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** The word that lists print. */
        public String label() {
            return label;
        }
    }

    ModelFiles(CacheFolder cache, HuggingFaceCache huggingFace) {
        this.embedded = new EmbeddedModels(cache);
        this.huggingFace = huggingFace;
    }

    /** The files that the user who runs this process can see. */
    public static ModelFiles ofUser() {
        return of(System.getenv());
    }

    /** The files of jllm's cache and of the Hugging Face cache that these variables name. */
    public static ModelFiles of(Map<String, String> environment) {
        return new ModelFiles(
                CacheFolder.ofUser(environment), HuggingFaceCache.of(environment, UserHome.of(environment)));
    }

    /**
     * The model's folder in Hugging Face layout, or its {@code .gguf} file; an embedded model is unpacked first.
     *
     * @throws ModelNotFoundException if the files are not on this machine
     * @throws org.jllm.api.JllmException if an embedded model cannot be unpacked
     */
    public Path locate(ModelSource source) {
        // Java 17 has no exhaustive switch over a sealed type.
        Location location = source.location();
        if (location instanceof Location.Embedded model) {
            return embedded.folder(model.name());
        } else if (location instanceof Location.Folder folder) {
            return folder.path();
        } else if (location instanceof Location.File file) {
            return file.path();
        } else if (location instanceof Location.Elsewhere elsewhere) {
            throw new ModelNotFoundException(elsewhere.advice());
        }
        String id = ((Location.Repository) location).id();
        return huggingFace
                .find(id)
                .orElseThrow(() -> new ModelNotFoundException("the files of " + id
                        + " are not on this machine (looked into " + huggingFace.root()
                        + "), and this version does not download: get the repository and give its folder as MODEL"));
    }

    /** Where a model stands, without unpacking anything. */
    public State state(Location location) {
        if (location instanceof Location.Embedded) {
            return State.EMBEDDED;
        }
        boolean remote = location instanceof Location.Elsewhere
                || (location instanceof Location.Repository repository
                        && huggingFace.find(repository.id()).isEmpty());
        return remote ? State.REMOTE : State.LOCAL;
    }
}
