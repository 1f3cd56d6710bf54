package org.jllm.catalogue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidSettingException;

/**
 * Reads the entries of {@code models.yaml} files: lists of families, each with its models. A key that all models of a
 * family share stands once, at the family; a model's own value takes precedence. What a later file says of an id takes
 * precedence over what an earlier one says, key by key; settings merge, and aliases add up.
 */
final class CatalogueReader {
    /** A model under construction. */
    private record Model(String id, ModelFields fields, Set<String> aliases) {}

    /** Who has an id or alias, and where it stands. */
    private record Claim(String owner, YamlNode node) {}

    private final Map<String, Model> models = new LinkedHashMap<>();
    private final Map<String, Claim> names = new HashMap<>();
    private final Map<String, License> licenses = new HashMap<>();

    private CatalogueReader() {}

    /** The models of these files; each stands over those before it. */
    static List<Entry> read(List<CatalogueSource> sources) {
        CatalogueReader reader = new CatalogueReader();
        sources.forEach(reader::source);
        EntryReader entries = new EntryReader(reader.licenses);
        return reader.models.values().stream()
                .map(model -> entries.read(model.id(), List.copyOf(model.aliases()), model.fields()))
                .toList();
    }

    private void source(CatalogueSource source) {
        YamlNode root = source.root();
        if (root == null) {
            return;
        }
        Map<String, YamlNode> fields = root.fields("the catalogue", CatalogueKeys.ROOT);
        YamlNode shared = fields.get("licenses");
        if (shared != null) {
            shared.fields("licenses").forEach((name, node) -> licenses.put(name, EntryReader.license(node)));
        }
        YamlNode families = fields.get("families");
        if (families != null) {
            families.list("families").forEach(node -> family(node, source));
        }
        YamlNode alone = fields.get("models");
        if (alone != null) {
            alone.list("models").forEach(node -> model(node, Map.of(), source));
        }
    }

    private void family(YamlNode node, CatalogueSource source) {
        Map<String, YamlNode> family = node.fields("a family", CatalogueKeys.FAMILY);
        YamlNode members = family.get("models");
        if (members == null) {
            throw node.error("the key models is missing");
        }
        members.list("models").forEach(model -> model(model, family, source));
    }

    private void model(YamlNode node, Map<String, YamlNode> family, CatalogueSource source) {
        Map<String, YamlNode> own = node.fields("a model", CatalogueKeys.MODEL);
        YamlNode idNode = own.get("id");
        if (idNode == null) {
            throw node.error("the key id is missing");
        }
        String id = idNode.name("id");
        ModelFields.Layer layer = new ModelFields.Layer(node, own, family, source);
        Model model = models.get(key(id));
        if (model == null) {
            claim(id, id, idNode);
            model = new Model(id, new ModelFields(layer), new LinkedHashSet<>());
            models.put(key(id), model);
        } else {
            ModelFields.Layer earlier = model.fields().layers().get(0);
            if (earlier.source() == source) {
                throw taken(id, model.id(), idNode, earlier.node());
            }
            model.fields().override(layer);
        }
        if (own.containsKey("aliases")) {
            for (YamlNode alias : own.get("aliases").list("aliases")) {
                String name = alias.name("an alias");
                if (!model.aliases().contains(name)) {
                    claim(name, id, alias);
                    model.aliases().add(name);
                }
            }
        }
    }

    private void claim(String name, String owner, YamlNode node) {
        Claim earlier = names.putIfAbsent(key(name), new Claim(owner, node));
        if (earlier != null) {
            throw taken(name, earlier.owner(), node, earlier.node());
        }
    }

    private static InvalidSettingException taken(String name, String owner, YamlNode node, YamlNode earlier) {
        return node.error("the id or alias " + name + " is taken already by " + owner + ", at " + earlier.where());
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
