package org.jllm.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jllm.Jllm;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.ModelSource;

/** What a server offers: the models that its user named, else all of the catalogue. */
final class OfferedModels {
    private OfferedModels() {}

    /**
     * @param names ids, aliases, folders or files; none: the whole catalogue
     * @param now seconds since 1970
     * @throws org.jllm.api.ModelNotFoundException if a name stands for nothing
     * @throws InvalidRequestException if two have the same id
     */
    static List<PooledModel> of(Jllm jllm, List<String> names, long now) {
        List<PooledModel> models = new ArrayList<>();
        if (names.isEmpty()) {
            for (Entry entry : jllm.catalogue().entries()) {
                models.add(listed(entry, now));
            }
        }
        Set<String> ids = new HashSet<>();
        for (String name : names) {
            ModelSource source = jllm.catalogue().resolve(name);
            Entry entry = source.entry();
            PooledModel model = entry != null ? listed(entry, now) : unlisted(name, now);
            if (!ids.add(model.offered().id())) {
                throw new InvalidRequestException("two models would have the id "
                        + model.offered().id() + ": rename one of the folders, or name the model once");
            }
            models.add(model);
        }
        return models;
    }

    private static PooledModel listed(Entry entry, long now) {
        return new PooledModel(new ModelHost.Offered(entry.id(), now, entry.developer()), entry.aliases(), entry.id());
    }

    /** A folder or file goes by its last name, which tells nobody where it is. */
    private static PooledModel unlisted(String name, long now) {
        Path path = Path.of(name).toAbsolutePath().normalize();
        Path last = path.getFileName();
        String id = last == null ? name : last.toString();
        if (Files.isRegularFile(path)) {
            id = id.replaceFirst("\\.(gguf|onnx)$", "");
        }
        return new PooledModel(new ModelHost.Offered(id, now, "local"), List.of(), name);
    }
}
