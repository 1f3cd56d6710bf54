package org.jllm.catalogue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.ModelNotFoundException;
import org.jspecify.annotations.Nullable;

/** The models that jllm knows by name. Immutable, and safe for use by several threads. */
public final class Catalogue {
    /** Where a model can be found in a part of the file; null where all are read from the beginning. */
    private final @Nullable BuiltInCatalogue unread;

    private final Map<String, Entry> found = new ConcurrentHashMap<>();
    private @Nullable Models models;

    private record Models(List<Entry> entries, Map<String, Entry> byName) {
        static Models of(List<Entry> entries) {
            Map<String, Entry> byName = new TreeMap<>();
            for (Entry entry : entries) {
                byName.put(key(entry.id()), entry);
                entry.aliases().forEach(alias -> byName.put(key(alias), entry));
            }
            return new Models(entries, byName);
        }

        Optional<Entry> find(String key) {
            return Optional.ofNullable(byName.get(key));
        }
    }

    private Catalogue(BuiltInCatalogue unread) {
        this.unread = unread;
    }

    private Catalogue(List<Entry> entries) {
        unread = null;
        models = Models.of(entries);
    }

    /**
     * The catalogue of this version: the file that the system property {@code jllm.models} names, else the one in the
     * library.
     *
     * @throws InvalidSettingException if the file cannot be read or holds what a catalogue does not have
     */
    public static Catalogue load() {
        return load(List.of());
    }

    /**
     * The catalogue of this version with files of a user over it: they add models, and what they say of an id that is
     * known takes precedence, key by key. Each file stands over those before it; paths in it start from its folder.
     *
     * @throws InvalidSettingException if a file cannot be read, holds what a catalogue does not have, or gives a name that
     *     another model has
     */
    public static Catalogue load(List<Path> files) {
        BuiltInCatalogue builtIn = BuiltInCatalogue.load();
        if (files.isEmpty() && builtIn.families().isPresent()) {
            return new Catalogue(builtIn);
        }
        List<CatalogueSource> sources = new ArrayList<>();
        sources.add(builtIn.source());
        files.forEach(file -> sources.add(CatalogueSource.ofUser(file)));
        return new Catalogue(CatalogueReader.read(sources));
    }

    /**
     * The user's own catalogue, {@code $XDG_CONFIG_HOME/jllm/models.yaml}, else {@code ~/.config/jllm/models.yaml}.
     *
     * @return empty if there is none
     */
    public static Optional<Path> ofUser(Map<String, String> environment) {
        return Optional.of(UserHome.configuration(environment, UserHome.of(environment))
                        .resolve("models.yaml"))
                .filter(Files::exists);
    }

    private static CatalogueSource source(String yaml, String name) {
        return new CatalogueSource(YamlNode.parse(yaml, name).orElse(null), null, false);
    }

    /** The catalogue in a file alone. */
    static Catalogue only(Path file) {
        return new Catalogue(CatalogueReader.read(List.of(CatalogueSource.ofUser(file))));
    }

    /** The catalogue in a text alone; {@code name} stands for the file in errors. */
    static Catalogue parse(String yaml, String name) {
        return new Catalogue(CatalogueReader.read(List.of(source(yaml, name))));
    }

    /** All models, in the order of the file. */
    public List<Entry> entries() {
        return models().entries();
    }

    private synchronized Models models() {
        Models read = models;
        if (read == null) {
            read = Models.of(
                    CatalogueReader.read(List.of(Objects.requireNonNull(unread).source())));
            models = read;
        }
        return read;
    }

    /** The model of this id or alias, whatever its case. */
    public Optional<Entry> find(String idOrAlias) {
        String key = key(idOrAlias);
        if (unread == null) {
            return models().find(key);
        }
        Optional<Entry> entry = Optional.ofNullable(found.get(key));
        if (entry.isEmpty()) {
            entry = find(key, unread);
            entry.ifPresent(known -> found.put(key, known));
        }
        return entry;
    }

    private Optional<Entry> find(String key, BuiltInCatalogue unread) {
        return unread.near(key).map(Models::of).orElseGet(this::models).find(key);
    }

    /**
     * The model that a user means by an id, an alias, a folder in Hugging Face layout or a {@code .gguf} file.
     *
     * @throws ModelNotFoundException if there is none; says what the path lacks, or which names are near
     */
    public ModelSource resolve(String model) {
        return find(model)
                .map(Catalogue::source)
                .or(() -> revision(model))
                .or(() -> LocalModel.find(model))
                .orElseThrow(() -> new ModelNotFoundException(
                        "no model goes by the name " + ErrorText.quoted(model) + hint(model)));
    }

    private static ModelSource source(Entry entry) {
        return new ModelSource(entry.id(), entry, entry.location(), entry.loader());
    }

    /** The model of a name with {@code @revision} after it. */
    private Optional<ModelSource> revision(String model) {
        int at = model.lastIndexOf('@');
        if (at < 0) {
            return Optional.empty();
        }
        return find(model.substring(0, at))
                .map(entry -> source(entry)
                        .at(model.substring(at + 1))
                        .orElseThrow(() -> new InvalidRequestException(
                                entry.id() + " is no repository of the hub: it has no revisions")));
    }

    private String hint(String model) {
        Map<String, String> idOfName = new LinkedHashMap<>();
        for (Entry entry : entries()) {
            idOfName.put(entry.id(), entry.id());
            entry.aliases().forEach(alias -> idOfName.put(alias, entry.id()));
        }
        String question = NearNames.question(NearNames.of(model, idOfName));
        return question.isEmpty() ? "; 'jllm list' shows all" : question;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
