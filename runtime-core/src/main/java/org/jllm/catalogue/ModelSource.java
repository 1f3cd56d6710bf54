package org.jllm.catalogue;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that was found by the name a user gave.
 *
 * @param name the id of its entry, or the folder or file as the user wrote it
 * @param entry of the catalogue; null for a folder or file that it does not know
 * @param loader {@code transformers}, {@code gguf} or {@code onnx}
 */
public record ModelSource(String name, @Nullable Entry entry, Location location, String loader) {
    /** Where the engine of that name finds the model: its sibling for that engine, if the entry names one. */
    public ModelSource on(String engine) {
        Location sibling = entry == null ? null : entry.siblings().on(engine);
        return sibling != null ? new ModelSource(name, entry, pinned(sibling), loader) : this;
    }

    /** A revision that a user named is that of the repository which is used. */
    private Location pinned(Location sibling) {
        return sibling instanceof Location.Repository repository
                        && location instanceof Location.Repository own
                        && entry != null
                        && !own.equals(entry.location())
                ? new Location.Repository(repository.id(), own.revision())
                : sibling;
    }

    /** This model, from a revision of its repository; empty if it has none. */
    Optional<ModelSource> at(String revision) {
        return location instanceof Location.Repository repository
                ? Optional.of(new ModelSource(name, entry, new Location.Repository(repository.id(), revision), loader))
                : Optional.empty();
    }

    /** The entry's layer of settings; one that says nothing where there is no entry. */
    public Settings settings() {
        return entry != null ? entry.settings() : Settings.none();
    }
}
