package org.jllm.catalogue;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Reads where a model and its siblings are. */
final class LocationReader {
    private static final List<String> KEYS = List.of("embedded", "path", "repository");
    private static final Pattern REPOSITORY = Pattern.compile("[\\w.-]+/[\\w.-]+");
    private static final Set<Weights.Availability> LISTED =
            Set.of(Weights.Availability.HUB, Weights.Availability.ELSEWHERE, Weights.Availability.NONE);

    private LocationReader() {}

    static Location location(String id, ModelFields fields) {
        for (ModelFields.Layer layer : fields.layers()) {
            List<String> given =
                    KEYS.stream().filter(layer.model()::containsKey).toList();
            if (given.size() > 1) {
                throw layer.node()
                        .error("the model " + id + " has " + String.join(" and ", given) + "; it can have only one");
            }
            if (!given.isEmpty()) {
                YamlNode value = Objects.requireNonNull(layer.model().get(given.get(0)));
                return switch (given.get(0)) {
                    case "embedded" -> new Location.Embedded(value.name("embedded"));
                    case "path" -> local(path(value, layer.source()));
                    default -> pinned(repository("repository", value), fields);
                };
            }
        }
        Weights.Availability listed = listed(fields);
        if (id.indexOf('/') > 0 && (listed == null || listed == Weights.Availability.HUB)) {
            return pinned(id, fields);
        }
        if (listed == null) {
            throw fields.layers()
                    .get(0)
                    .node()
                    .error("the model " + id
                            + " needs one of embedded, path, repository, weights: its id is no repository");
        }
        return new Location.Elsewhere(advice(id, fields));
    }

    private static Location pinned(String id, ModelFields fields) {
        YamlNode revision = fields.find("revision").orElse(null);
        if (revision == null) {
            return new Location.Repository(id);
        }
        try {
            return new Location.Repository(id, revision.name("revision"));
        } catch (InvalidRequestException e) {
            throw revision.error(String.valueOf(e.getMessage()));
        }
    }

    private static String advice(String id, ModelFields fields) {
        String where = fields.text("where");
        String note = fields.text("note");
        return "the weights of " + id
                + (where == null ? " are not public" : " are not on the hub but at " + where)
                + (note == null ? "" : "; " + ErrorText.oneLine(note));
    }

    static Weights.Availability availability(Location location, ModelFields fields) {
        if (!(location instanceof Location.Repository || location instanceof Location.Elsewhere)) {
            return Weights.Availability.LOCAL;
        }
        Weights.Availability listed = listed(fields);
        return listed == null ? Weights.Availability.HUB : listed;
    }

    private static Weights.@Nullable Availability listed(ModelFields fields) {
        YamlNode node = fields.find("weights").orElse(null);
        if (node == null) {
            return null;
        }
        Weights.Availability availability = EntryReader.oneOf(
                "weights",
                LISTED.stream().sorted().toArray(Weights.Availability[]::new),
                Weights.Availability::key,
                node);
        if (availability == Weights.Availability.ELSEWHERE && fields.text("where") == null) {
            throw node.error("weights that are elsewhere need the key where");
        }
        return availability;
    }

    static Siblings siblings(ModelFields fields) {
        return new Siblings(sibling("gguf", fields), sibling("onnx", fields));
    }

    /** A file or folder beside the catalogue, or a repository {@code organisation/name}. */
    private static @Nullable Location sibling(String key, ModelFields fields) {
        ModelFields.Layer layer = fields.layer(key).orElse(null);
        if (layer == null) {
            return null;
        }
        YamlNode value = Objects.requireNonNull(layer.get(key));
        String text = value.name(key);
        boolean isPath = text.toLowerCase(Locale.ROOT).endsWith("." + key) || text.startsWith(".");
        return isPath ? local(path(value, layer.source())) : new Location.Repository(repository(key, value));
    }

    static String repository(String key, YamlNode value) {
        String text = value.name(key);
        if (!REPOSITORY.matcher(text).matches()) {
            throw value.error(key + " must be a repository such as organisation/name, not " + value.found());
        }
        return text;
    }

    /** A template's name, or the path of a file {@code *.jinja} beside the catalogue. */
    static String template(YamlNode value, ModelFields.Layer layer) {
        String text = value.name("template");
        return text.endsWith(".jinja") ? path(value, layer.source()).toString() : text;
    }

    private static Path path(YamlNode value, CatalogueSource source) {
        try {
            Path path = Path.of(value.name("path"));
            Path folder = source.folder();
            return folder == null ? path : folder.resolve(path);
        } catch (InvalidPathException e) {
            throw value.error("path is not a path: " + value.found());
        }
    }

    private static Location local(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(gguf|onnx)")
                ? new Location.File(path)
                : new Location.Folder(path);
    }
}
