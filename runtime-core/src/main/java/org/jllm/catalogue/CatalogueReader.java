package org.jllm.catalogue;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a {@code models.yaml}: a list of families, each with its models. A key that all models of a family
 * share stands once, at the family; a model's own value takes precedence. Settings merge key by key.
 */
final class CatalogueReader {
    /** Keys that may stand at a family or at a model. */
    private static final Set<String> SHARED = Set.of(
            "section",
            "developer",
            "size",
            "architecture",
            "loader",
            "tasks",
            "license",
            "template",
            "context",
            "generation",
            "load",
            "system");

    private static final Set<String> FAMILY = with(SHARED, "family", "models");
    private static final Set<String> MODEL = with(SHARED, "id", "aliases", "embedded", "path", "repository", "gguf");

    private final @Nullable Path folder;
    private final List<Entry> entries = new ArrayList<>();
    /** Where each id and alias stands, by its lower case. */
    private final Map<String, String> names = new HashMap<>();

    private CatalogueReader(@Nullable Path folder) {
        this.folder = folder;
    }

    /**
     * @param root of the file; null if it is empty
     * @param folder that relative paths start from; null where there is none
     */
    static List<Entry> read(@Nullable YamlNode root, @Nullable Path folder) {
        CatalogueReader reader = new CatalogueReader(folder);
        if (root != null) {
            YamlNode families = root.fields("the catalogue", Set.of("families")).get("families");
            if (families != null) {
                families.list("families").forEach(reader::family);
            }
        }
        return List.copyOf(reader.entries);
    }

    private void family(YamlNode node) {
        Map<String, YamlNode> family = node.fields("a family", FAMILY);
        YamlNode models = require("models", node, Map.of(), family);
        for (YamlNode model : models.list("models")) {
            entries.add(entry(model, family));
        }
    }

    private Entry entry(YamlNode node, Map<String, YamlNode> family) {
        Map<String, YamlNode> model = node.fields("a model", MODEL);
        YamlNode idNode = require("id", node, model, Map.of());
        String id = idNode.name("id");
        claim(id, idNode);
        List<String> aliases = new ArrayList<>();
        if (model.containsKey("aliases")) {
            for (YamlNode alias : model.get("aliases").list("aliases")) {
                aliases.add(alias.name("an alias"));
                claim(alias.name("an alias"), alias);
            }
        }
        YamlNode context = first("context", model, family);
        YamlNode template = first("template", model, family);
        return new Entry(
                id,
                aliases,
                text("family", node, Map.of(), family),
                text("section", node, model, family),
                text("developer", node, model, family),
                text("size", node, model, family),
                text("architecture", node, model, family),
                loader(require("loader", node, model, family)),
                tasks(require("tasks", node, model, family)),
                license(require("license", node, model, family)),
                template == null ? null : template.name("template"),
                context == null ? null : (Integer) context.positiveInteger("context"),
                location(id, node, model),
                model.containsKey("gguf") ? gguf(model.get("gguf")) : null,
                settings(model).orElse(settings(family)));
    }

    private void claim(String name, YamlNode node) {
        String earlier = names.putIfAbsent(name.toLowerCase(Locale.ROOT), node.where());
        if (earlier != null) {
            throw node.error("the id or alias " + name + " is taken already, at " + earlier);
        }
    }

    private Location location(String id, YamlNode node, Map<String, YamlNode> model) {
        Set<String> given = new LinkedHashSet<>(List.of("embedded", "path", "repository"));
        given.retainAll(model.keySet());
        if (given.size() > 1) {
            throw node.error("the model " + id + " has " + String.join(" and ", given) + "; it can have only one");
        }
        YamlNode value = model.get(given.stream().findFirst().orElse("repository"));
        if (value == null) {
            if (id.indexOf('/') > 0) {
                return new Location.Repository(id);
            }
            throw node.error("the model " + id + " needs one of embedded, path, repository: its id is no repository");
        }
        if (given.contains("embedded")) {
            return new Location.Embedded(value.name("embedded"));
        }
        return given.contains("repository")
                ? new Location.Repository(value.name("repository"))
                : local(value, path(value));
    }

    /** A file beside the catalogue, or a repository {@code organisation/name}. */
    private Location gguf(YamlNode value) {
        String text = value.name("gguf");
        return text.toLowerCase(Locale.ROOT).endsWith(".gguf")
                ? new Location.File(path(value))
                : new Location.Repository(text);
    }

    private Path path(YamlNode value) {
        try {
            Path path = Path.of(value.name("path"));
            return folder == null ? path : folder.resolve(path);
        } catch (InvalidPathException e) {
            throw value.error("path is not a path: " + value.found());
        }
    }

    private static Location local(YamlNode value, Path path) {
        return value.name("path").toLowerCase(Locale.ROOT).endsWith(".gguf")
                ? new Location.File(path)
                : new Location.Folder(path);
    }

    private static Settings settings(Map<String, YamlNode> fields) {
        SettingValues values = new SettingValues();
        YamlNode generation = fields.get("generation");
        if (generation != null) {
            values.putAll(generation, "generation", SettingKey.keys(SettingKey.Group.GENERATION));
        }
        YamlNode load = fields.get("load");
        if (load != null) {
            values.putAll(load, "load", SettingKey.keys(SettingKey.Group.LOAD));
        }
        YamlNode system = fields.get("system");
        if (system != null) {
            values.put(SettingKey.SYSTEM, system.string("system"), system.where());
        }
        return values.settings();
    }

    private static String loader(YamlNode node) {
        String loader = node.name("loader");
        if (SettingType.ENGINE.parse(loader).isEmpty()) {
            throw node.error("loader must be " + SettingType.ENGINE.expected() + ", not " + node.found());
        }
        return loader;
    }

    private static List<String> tasks(YamlNode node) {
        List<String> tasks = node.strings("tasks");
        if (tasks.isEmpty()) {
            throw node.error("tasks must name at least one task");
        }
        return tasks;
    }

    private static License license(YamlNode node) {
        if (!node.isMapping()) {
            return new License(node.name("license"), null);
        }
        Map<String, YamlNode> fields = node.fields("license", Set.of("name", "link"));
        YamlNode link = fields.get("link");
        return new License(text("name", node, fields, Map.of()), link == null ? null : link.name("link"));
    }

    private static String text(String key, YamlNode node, Map<String, YamlNode> model, Map<String, YamlNode> family) {
        return require(key, node, model, family).name(key);
    }

    private static YamlNode require(
            String key, YamlNode node, Map<String, YamlNode> model, Map<String, YamlNode> family) {
        YamlNode value = first(key, model, family);
        if (value == null) {
            throw new InvalidSettingException(node.where() + ": the key " + key + " is missing");
        }
        return value;
    }

    private static @Nullable YamlNode first(String key, Map<String, YamlNode> model, Map<String, YamlNode> family) {
        YamlNode own = model.get(key);
        return own != null ? own : family.get(key);
    }

    private static Set<String> with(Set<String> keys, String... more) {
        Set<String> all = new LinkedHashSet<>(keys);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
