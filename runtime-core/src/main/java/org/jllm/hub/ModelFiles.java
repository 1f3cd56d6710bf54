package org.jllm.hub;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.License;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.UserHome;
import org.jspecify.annotations.Nullable;

/** Finds the files of a model on this machine, or brings them there. Safe for use by several threads. */
public final class ModelFiles {
    private final EmbeddedModels embedded;
    private final HuggingFaceCache huggingFace;
    private final Hub hub;

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

    ModelFiles(CacheFolder cache, HuggingFaceCache huggingFace, Hub hub) {
        this.embedded = new EmbeddedModels(cache);
        this.huggingFace = huggingFace;
        this.hub = hub;
    }

    /** The files that the user who runs this process can see; nothing is said of the hub. */
    public static ModelFiles ofUser() {
        return of(System.getenv(), HubOptions.none());
    }

    /** The files of jllm's cache and of the Hugging Face cache that these variables name. */
    public static ModelFiles of(Map<String, String> environment) {
        return of(environment, HubOptions.none());
    }

    /** The files of the caches that these variables name, and the hub of these options. */
    public static ModelFiles of(Map<String, String> environment, HubOptions options) {
        HuggingFaceCache huggingFace = HuggingFaceCache.of(environment, UserHome.of(environment));
        return new ModelFiles(
                CacheFolder.ofUser(environment),
                huggingFace,
                new Hub(options, huggingFace, environment, Hub.Conditions.REAL));
    }

    /** The repositories that are here. */
    public DownloadedModels downloaded() {
        return new DownloadedModels(huggingFace);
    }

    /**
     * The model's folder in Hugging Face layout, or its {@code .gguf} file; an embedded model is unpacked first, and a
     * repository that is not here is downloaded.
     *
     * @param engine that will open it
     * @throws ModelNotFoundException if the files are not to be had; says what to do
     * @throws org.jllm.api.JllmException if they cannot be downloaded or unpacked
     */
    public Path locate(ModelSource source, String engine, PullObserver observer) {
        ModelParts parts = ModelParts.of(source, engine, null).orElse(null);
        if (parts == null) {
            return local(source.location());
        }
        for (ModelParts.Part other : parts.others()) {
            bring(other, null, observer);
        }
        Path snapshot = bring(parts.main(), source.entry(), observer);
        return opened(snapshot, parts.main());
    }

    /** As {@link #locate(ModelSource, String, PullObserver)} for the source's own engine, telling nobody. */
    public Path locate(ModelSource source) {
        return locate(source, source.loader(), PullObserver.NONE);
    }

    /** Java 17 has no exhaustive switch over a sealed type. */
    private Path local(Location location) {
        if (location instanceof Location.Embedded model) {
            return embedded.folder(model.name());
        } else if (location instanceof Location.Folder folder) {
            return folder.path();
        } else if (location instanceof Location.File file) {
            return file.path();
        }
        throw new ModelNotFoundException(((Location.Elsewhere) location).advice());
    }

    /** What is complete here is used without asking the hub; what lacks its tokenizer, where the hub cannot be asked. */
    private Path bring(ModelParts.Part part, @Nullable Entry entry, PullObserver observer) {
        Optional<SnapshotFiles> found = huggingFace.find(part.repository()).map(SnapshotFiles::new);
        if (found.filter(files -> files.isComplete(part.selection())).isPresent()) {
            return found.get().folder();
        }
        Optional<Path> usable =
                found.filter(files -> files.hasWeights(part.selection())).map(SnapshotFiles::folder);
        if (usable.isPresent() && hub.isOffline()) {
            return usable.get();
        }
        try {
            return pull(part, entry, observer);
        } catch (UnavailableException e) {
            return usable.orElseThrow(() -> e);
        }
    }

    private Path pull(ModelParts.Part part, @Nullable Entry entry, PullObserver observer) {
        String license = entry == null ? null : license(entry.license());
        return hub.pull(part.repository(), part.selection(), license, observer);
    }

    private static String license(License license) {
        String use = switch (license.commercial()) {
            case YES -> "commercial use allowed";
            case NO -> "no commercial use";
            case CONDITIONAL -> "commercial use under conditions";
            case UNKNOWN -> "commercial use not stated";
        };
        return license.name() + " (" + use + ")" + (license.link() == null ? "" : ", " + license.link());
    }

    private static Path opened(Path snapshot, ModelParts.Part part) {
        if (part.selection().kind() != FileSelection.Kind.GGUF) {
            return snapshot;
        }
        return new SnapshotFiles(snapshot)
                .gguf(part.selection().file())
                .orElseThrow(() -> new ModelNotFoundException(part.repository().id() + " has no complete .gguf file"));
    }

    /**
     * Asks the hub for the newest commit of a model's repository and downloads what is missing here, also of the
     * repositories that it builds on.
     *
     * @param engine whose files are wanted
     * @param file of several {@code .gguf} files: its name or a part of it; null: the one that is liked best
     * @return the model's folder in Hugging Face layout, or its {@code .gguf} file
     * @throws InvalidRequestException if the model is on this machine by itself, or has no such file
     * @throws ModelNotFoundException if the files are not to be had; says what to do
     * @throws org.jllm.api.JllmException if they cannot be downloaded
     */
    public Path pull(ModelSource source, String engine, @Nullable String file, PullObserver observer) {
        Optional<ModelParts> parts = ModelParts.of(source, engine, file);
        if (parts.isEmpty()) {
            Path here = local(source.location());
            observer.note(source.name() + " needs no download");
            return here;
        }
        for (ModelParts.Part other : parts.get().others()) {
            pull(other, null, observer);
        }
        return opened(
                pull(parts.get().main(), source.entry(), observer), parts.get().main());
    }

    /** Where a model stands, without unpacking or downloading anything. */
    public State state(Location location) {
        if (location instanceof Location.Embedded) {
            return State.EMBEDDED;
        }
        if (location instanceof Location.Elsewhere) {
            return State.REMOTE;
        }
        return location instanceof Location.Repository repository && !isHere(repository) ? State.REMOTE : State.LOCAL;
    }

    private boolean isHere(Location.Repository repository) {
        return huggingFace
                .find(repository)
                .map(SnapshotFiles::new)
                .filter(files -> files.hasWeights(new FileSelection(FileSelection.Kind.TRANSFORMERS))
                        || files.hasWeights(new FileSelection(FileSelection.Kind.GGUF))
                        || files.hasWeights(new FileSelection(FileSelection.Kind.ONNX)))
                .isPresent();
    }
}
