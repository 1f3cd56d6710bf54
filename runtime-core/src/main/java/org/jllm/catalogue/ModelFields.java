package org.jllm.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the files say of one model: a layer for each file that has it, the last file first; in a layer, the model's own
 * values stand over those of its family.
 */
final class ModelFields {
    /** What one file says. */
    record Layer(YamlNode node, Map<String, YamlNode> model, Map<String, YamlNode> family, CatalogueSource source) {
        @Nullable
        YamlNode get(String key) {
            YamlNode own = model.get(key);
            return own != null ? own : family.get(key);
        }
    }

    private final List<Layer> layers = new ArrayList<>();

    ModelFields(Layer first) {
        layers.add(first);
    }

    /** Puts what a later file says above the others. */
    void override(Layer layer) {
        layers.add(0, layer);
    }

    /** From the last file to the first. */
    List<Layer> layers() {
        return layers;
    }

    /** The uppermost layer that has the key. */
    Optional<Layer> layer(String key) {
        for (Layer layer : layers) {
            if (layer.get(key) != null) {
                return Optional.of(layer);
            }
        }
        return Optional.empty();
    }

    Optional<YamlNode> find(String key) {
        return layer(key).map(layer -> layer.get(key));
    }

    /** The value of the key, made by {@code reader}; null if no layer has it. */
    <T> @Nullable T optional(String key, Function<YamlNode, T> reader) {
        YamlNode node = find(key).orElse(null);
        return node == null ? null : reader.apply(node);
    }

    YamlNode require(String key) {
        return find(key).orElseThrow(() -> layers.get(0).node().error("the key " + key + " is missing"));
    }

    @Nullable
    String text(String key) {
        return optional(key, node -> node.name(key));
    }
}
