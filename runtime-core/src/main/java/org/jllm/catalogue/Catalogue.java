package org.jllm.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.ModelNotFoundException;

/** The models that jllm knows by name. Immutable. */
public final class Catalogue {
    private static final String RESOURCE = "/org/jllm/models.yaml";
    private static final String PROPERTY = "jllm.models";

    private final List<Entry> entries;
    private final Map<String, Entry> byName = new TreeMap<>();

    private Catalogue(List<Entry> entries) {
        this.entries = entries;
        for (Entry entry : entries) {
            byName.put(key(entry.id()), entry);
            entry.aliases().forEach(alias -> byName.put(key(alias), entry));
        }
    }

    /**
     * The catalogue of this version: the file that the system property {@code jllm.models} names, else the one in the
     * library.
     *
     * @throws InvalidSettingException if the file cannot be read or holds what a catalogue does not have
     */
    public static Catalogue load() {
        String file = System.getProperty(PROPERTY, "");
        if (!file.isEmpty()) {
            return load(Path.of(file));
        }
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing in the library: " + RESOURCE);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "models.yaml");
        } catch (IOException e) {
            throw new IllegalStateException("the library's own files are incomplete", e);
        }
    }

    /** The catalogue in a file; paths in it start from its folder. */
    public static Catalogue load(Path file) {
        return new Catalogue(CatalogueReader.read(
                YamlNode.read(file).orElse(null), file.toAbsolutePath().getParent()));
    }

    /** The catalogue in a text; {@code name} stands for the file in errors. */
    static Catalogue parse(String yaml, String name) {
        return new Catalogue(CatalogueReader.read(YamlNode.parse(yaml, name).orElse(null), null));
    }

    /** All models, in the order of the file. */
    public List<Entry> entries() {
        return entries;
    }

    /** The model of this id or alias, whatever its case. */
    public Optional<Entry> find(String idOrAlias) {
        return Optional.ofNullable(byName.get(key(idOrAlias)));
    }

    /**
     * The model that a user means by an id, an alias, a folder in Hugging Face layout or a {@code .gguf} file.
     *
     * @throws ModelNotFoundException if there is none; says what the path lacks, or which names are near
     */
    public ModelSource resolve(String model) {
        return find(model)
                .map(entry -> new ModelSource(entry.id(), entry, entry.location(), entry.loader()))
                .or(() -> LocalModel.find(model))
                .orElseThrow(() -> new ModelNotFoundException(
                        "no model goes by the name " + ErrorText.quoted(model) + hint(model)));
    }

    private String hint(String model) {
        List<String> names = entries.stream()
                .flatMap(entry -> Stream.concat(Stream.of(entry.id()), entry.aliases().stream()))
                .toList();
        String question = NearNames.question(model, names);
        return question.isEmpty() ? "; 'jllm list' shows all" : question;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
