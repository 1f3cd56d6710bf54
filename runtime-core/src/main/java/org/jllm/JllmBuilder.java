package org.jllm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.GenerationOptions;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.Settings;
import org.jllm.hub.ModelFiles;
import org.jllm.hub.PullObserver;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Jllm}: what is said here stands above the settings of the environment and of the user's configuration
 * file. For use by one thread.
 */
public final class JllmBuilder {
    private @Nullable Path catalogue;
    private GenerationOptions generation = GenerationOptions.none();
    private LoadOptions load = LoadOptions.none();
    private @Nullable String system;
    private HubOptions hub = HubOptions.none();
    private PullObserver downloads = PullObserver.NONE;
    private boolean userSettings = true;

    JllmBuilder() {}

    /**
     * A file of models to know by name, in the form of {@code models.yaml}: adds to this version's own and the user's,
     * and what it says of an id that is known takes precedence.
     */
    public JllmBuilder catalogue(Path file) {
        catalogue = file;
        return this;
    }

    /** What requests that do not say it themselves are generated with. */
    public JllmBuilder generation(GenerationOptions options) {
        generation = options;
        return this;
    }

    /** What models are loaded with where {@link Jllm#load} is not told. */
    public JllmBuilder load(LoadOptions options) {
        load = options;
        return this;
    }

    /** What {@link Jllm#system} answers for every model. */
    public JllmBuilder system(String message) {
        system = message;
        return this;
    }

    /** How models that are not on this machine are downloaded, and whether they are. */
    public JllmBuilder hub(HubOptions options) {
        hub = options;
        return this;
    }

    /** Who hears of downloads, from the thread that loads a model; by default nobody. */
    public JllmBuilder downloads(PullObserver observer) {
        downloads = observer;
        return this;
    }

    /**
     * Reads neither {@code JLLM_*} settings and those of {@code huggingface_hub}, nor the user's configuration and catalogue;
     * caches stay where they are.
     */
    public JllmBuilder withoutUserSettings() {
        userSettings = false;
        return this;
    }

    /**
     * The runtime.
     *
     * @throws org.jllm.api.InvalidSettingException if the catalogue cannot be read, or a setting of the user is unknown or
     *     out of range
     */
    public Jllm build() {
        Settings own = new Settings(generation, load, system, catalogue == null ? null : catalogue.toString(), hub);
        List<Path> files = new ArrayList<>();
        if (userSettings) {
            own = own.orElse(Settings.ofUser());
            Catalogue.ofUser(System.getenv()).ifPresent(files::add);
        }
        if (own.catalogue() != null) {
            files.add(Path.of(own.catalogue()));
        }
        return new Jllm(Catalogue.load(files), own, ModelFiles.of(System.getenv(), own.hub()), downloads);
    }
}
