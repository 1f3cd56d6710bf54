package org.jllm.catalogue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The keys that a {@code models.yaml} may have. */
final class CatalogueKeys {
    static final Set<String> ROOT = Set.of("licenses", "families", "models");
    /** Of each licence that entries refer to by name. */
    static final Set<String> LICENSE = Set.of("name", "link", "commercial");

    static final Set<String> SHAPE = Set.of("layers", "width", "heads", "key_heads");
    static final Set<String> TEMPLATE = Set.of("name", "override");
    /** May stand at a family or at a model. */
    static final Set<String> SHARED = Set.of(
            "section",
            "developer",
            "size",
            "architecture",
            "loader",
            "tasks",
            "license",
            "gated",
            "template",
            "context",
            "shape",
            "tokenizer_class",
            "tokenizer",
            "tokenizer_repository",
            "pooling",
            "weights",
            "where",
            "format",
            "generation",
            "load",
            "system",
            "requires",
            "note",
            "sources",
            "confidence");

    static final Set<String> FAMILY = with(SHARED, "family", "models");
    static final Set<String> MODEL = with(
            SHARED,
            "id",
            "aliases",
            "family",
            "embedded",
            "path",
            "repository",
            "revision",
            "gguf",
            "onnx",
            "adapter_base",
            "adapter_base_gated");

    private CatalogueKeys() {}

    private static Set<String> with(Set<String> keys, String... more) {
        Set<String> all = new LinkedHashSet<>(keys);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
