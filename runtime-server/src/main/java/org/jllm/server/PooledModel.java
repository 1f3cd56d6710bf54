package org.jllm.server;

import java.nio.file.Path;
import java.util.List;
import org.jllm.api.JllmException;
import org.jspecify.annotations.Nullable;

/** A model of a {@link ModelPool}, whose lock guards its state. */
final class PooledModel {
    private final ModelHost.Offered offered;
    private final List<String> aliases;
    private final String source;

    /** Not known before somebody wanted to use the model. */
    ServedModel.@Nullable Kind kind;

    @Nullable
    ServedModel loaded;

    @Nullable
    JllmException failure;

    boolean loading;
    boolean unloading;
    int attempts;
    int leases;
    long bytes;
    long lastUsed;

    /** @param source what to load it by: a name of the catalogue, a folder or a file */
    PooledModel(ModelHost.Offered offered, List<String> aliases, String source) {
        this.offered = offered;
        this.aliases = List.copyOf(aliases);
        this.source = source;
    }

    ModelHost.Offered offered() {
        return offered;
    }

    String source() {
        return source;
    }

    /** A message that says the id where it said the folder or file. */
    String withoutPlace(String message) {
        return source.equals(offered.id())
                ? message
                : message.replace(Path.of(source).toAbsolutePath().normalize().toString(), offered.id())
                        .replace(source, offered.id());
    }

    boolean isNamed(String name) {
        return name.equalsIgnoreCase(offered.id()) || aliases.stream().anyMatch(name::equalsIgnoreCase);
    }

    boolean busy() {
        return loading || unloading;
    }

    /** In memory, and used by nobody. */
    boolean idle() {
        return loaded != null && leases == 0 && !unloading;
    }
}
