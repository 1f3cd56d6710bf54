package org.jllm.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes an {@link Entry} of what the files say of a model. */
final class EntryReader {
    /** By name. */
    private final Map<String, License> licenses;

    EntryReader(Map<String, License> licenses) {
        this.licenses = licenses;
    }

    Entry read(String id, List<String> aliases, ModelFields fields) {
        Location location = LocationReader.location(id, fields);
        return new Entry(
                id,
                aliases,
                required(fields, "family"),
                required(fields, "section"),
                required(fields, "developer"),
                size(fields.require("size")),
                required(fields, "architecture"),
                loader(fields),
                tasks(fields.require("tasks")),
                license(fields),
                template(fields),
                fields.optional("context", node -> node.positiveInteger("context")),
                fields.optional("shape", EntryReader::shape),
                new TokenizerHint(
                        fields.text("tokenizer_class"),
                        fields.text("tokenizer"),
                        repository("tokenizer_repository", fields)),
                fields.optional("pooling", node -> oneOf("pooling", Pooling.values(), Pooling::key, node)),
                new Weights(
                        LocationReader.availability(location, fields),
                        fields.text("where"),
                        format(fields),
                        repository("adapter_base", fields),
                        flag("adapter_base_gated", fields)),
                location,
                LocationReader.siblings(fields),
                settings(fields),
                strings("requires", fields),
                fields.text("note"),
                new Provenance(
                        strings("sources", fields),
                        fields.optional(
                                "confidence",
                                node -> oneOf(
                                        "confidence",
                                        Provenance.Confidence.values(),
                                        Provenance.Confidence::key,
                                        node))));
    }

    private static String required(ModelFields fields, String key) {
        return fields.require(key).name(key);
    }

    private static boolean flag(String key, ModelFields fields) {
        return fields.find(key).map(node -> node.flag(key)).orElse(false);
    }

    private static @Nullable String repository(String key, ModelFields fields) {
        return fields.optional(key, node -> LocationReader.repository(key, node));
    }

    private static ParameterCount size(YamlNode node) {
        return ParameterCount.parse(node.name("size"))
                .orElseThrow(() -> node.error(
                        "size must be a number of parameters such as 7b, 1.3b or 110m, not " + node.found()));
    }

    private static String loader(ModelFields fields) {
        YamlNode node = fields.find("loader").orElse(null);
        if (node == null) {
            return "transformers";
        }
        String loader = node.name("loader");
        if (SettingType.ENGINE.parse(loader).isEmpty()) {
            throw node.error("loader must be " + SettingType.ENGINE.expected() + ", not " + node.found());
        }
        return loader;
    }

    private static List<Task> tasks(YamlNode node) {
        List<Task> tasks = node.list("tasks").stream()
                .map(task -> oneOf("a task", Task.values(), Task::key, task))
                .toList();
        if (tasks.isEmpty()) {
            throw node.error("tasks must name at least one task");
        }
        return tasks;
    }

    private License license(ModelFields fields) {
        YamlNode node = fields.require("license");
        License license = node.isMapping() ? license(node) : licenses.get(node.name("license"));
        boolean isGated = flag("gated", fields);
        return license == null
                ? new License(node.name("license"), null, License.Commercial.UNKNOWN, isGated)
                : new License(license.name(), license.link(), license.commercial(), isGated);
    }

    /** A licence that is written out. */
    static License license(YamlNode node) {
        Map<String, YamlNode> fields = node.fields("license", CatalogueKeys.LICENSE);
        YamlNode name = fields.get("name");
        if (name == null) {
            throw node.error("the key name is missing");
        }
        YamlNode link = fields.get("link");
        YamlNode commercial = fields.get("commercial");
        return new License(
                name.name("name"),
                link == null ? null : link.name("link"),
                commercial == null
                        ? License.Commercial.UNKNOWN
                        : oneOf("commercial", License.Commercial.values(), License.Commercial::key, commercial),
                false);
    }

    private static ModelShape shape(YamlNode node) {
        Map<String, YamlNode> fields = node.fields("shape", CatalogueKeys.SHAPE);
        int heads = fields.containsKey("heads") ? number("heads", node, fields) : 1;
        int keyHeads = fields.containsKey("key_heads") ? number("key_heads", node, fields) : heads;
        if (keyHeads > heads) {
            throw node.error("key_heads must be at most heads, which are " + heads);
        }
        return new ModelShape(number("layers", node, fields), number("width", node, fields), heads, keyHeads);
    }

    private static int number(String key, YamlNode node, Map<String, YamlNode> fields) {
        YamlNode value = fields.get(key);
        if (value == null) {
            throw node.error("the key " + key + " is missing");
        }
        return value.positiveInteger(key);
    }

    private static @Nullable TemplateChoice template(ModelFields fields) {
        ModelFields.Layer layer = fields.layer("template").orElse(null);
        if (layer == null) {
            return null;
        }
        YamlNode node = Objects.requireNonNull(layer.get("template"));
        if (!node.isMapping()) {
            return new TemplateChoice(
                    LocationReader.template(node, layer), false, layer.source().fromUser());
        }
        Map<String, YamlNode> template = node.fields("template", CatalogueKeys.TEMPLATE);
        YamlNode name = template.get("name");
        if (name == null) {
            throw node.error("the key name is missing");
        }
        YamlNode override = template.get("override");
        return new TemplateChoice(
                LocationReader.template(name, layer),
                override != null && override.flag("override"),
                layer.source().fromUser());
    }

    private static WeightFormat format(ModelFields fields) {
        WeightFormat format =
                fields.optional("format", node -> oneOf("format", WeightFormat.values(), WeightFormat::key, node));
        if (format != null) {
            return format;
        }
        return switch (loader(fields)) {
            case "gguf" -> WeightFormat.GGUF;
            case "onnx" -> WeightFormat.ONNX;
            default -> WeightFormat.TRANSFORMERS;
        };
    }

    private static List<String> strings(String key, ModelFields fields) {
        return fields.find(key).map(node -> node.strings(key)).orElse(List.of());
    }

    private static Settings settings(ModelFields fields) {
        Settings settings = Settings.none();
        for (ModelFields.Layer layer : fields.layers()) {
            settings = settings.orElse(settings(layer.model())).orElse(settings(layer.family()));
        }
        return settings;
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

    /** The value whose key stands there; words that YAML takes for a truth value are words here. */
    static <T> T oneOf(String what, T[] values, Function<T, String> key, YamlNode node) {
        if (!node.isMapping() && !node.isList()) {
            String text = node.scalar(what, "a word");
            for (T value : values) {
                if (key.apply(value).equalsIgnoreCase(text)) {
                    return value;
                }
            }
        }
        List<String> keys = Arrays.stream(values).map(key).toList();
        throw node.error(what + " must be one of " + String.join(", ", keys) + ", not " + node.found());
    }
}
