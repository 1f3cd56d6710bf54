package org.jllm.catalogue;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One file of models.
 *
 * @param root null if the file is empty
 * @param folder that relative paths start from; null where there is none
 * @param fromUser whether it is not jllm's own
 */
record CatalogueSource(@Nullable YamlNode root, @Nullable Path folder, boolean fromUser) {
    /** The user's file at a path. */
    static CatalogueSource ofUser(Path file) {
        return new CatalogueSource(
                YamlNode.read(file).orElse(null), file.toAbsolutePath().getParent(), true);
    }
}
