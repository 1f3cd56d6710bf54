package org.jllm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jllm.Jllm;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.Task;
import org.jllm.generation.ModelDescription;
import org.jllm.hub.ModelFiles;
import org.jllm.registry.Readiness;
import org.jllm.registry.Readiness.State;
import org.jspecify.annotations.Nullable;

/**
 * What to type after {@code jllm show}.
 *
 * @param commands that this version has
 */
record NextCommand(Set<String> commands) {
    private static final String PULL = "pull";
    private static final String EMBED = "embed";

    List<String> lines(
            ModelSource source,
            @Nullable Entry entry,
            Optional<ModelDescription> files,
            List<MemoryRow> memory,
            Jllm jllm) {
        String name = entry == null ? source.name() : ModelTable.shortestName(entry);
        if (entry == null) {
            if (files.filter(ModelDescription::supported).isEmpty()) {
                return List.of();
            }
            return List.of(jllm.isEncoder(name) ? similarity(name) : use(name, Set.of(Task.CHAT), ""));
        }
        State state = jllm.readiness(entry).state();
        if (state == State.NOT_YET || state == State.CANNOT) {
            return List.of("jllm list --task " + entry.tasks().get(0).key() + " shows models for the same task");
        }
        List<MemoryRow> fitting =
                memory.stream().filter(row -> row.fit() == MemoryRow.Fit.FITS).toList();
        if (!memory.isEmpty() && fitting.isEmpty()) {
            return List.of("nothing of it fits here: jllm list --size \"<" + entry.size() + "\" shows smaller models");
        }
        List<String> lines = new ArrayList<>();
        boolean sibling = fitting.stream().noneMatch(row -> row.engine().equals(entry.loader())) && !fitting.isEmpty();
        if (jllm.files().state(entry.location()) == ModelFiles.State.REMOTE) {
            lines.add(fetch(entry, name));
        }
        Readiness readiness = jllm.readiness(entry);
        String engine = readiness.sibling() ? readiness.engine() : sibling ? "gguf" : null;
        lines.add(use(name, Set.copyOf(entry.tasks()), engine == null ? "" : " --engine " + engine));
        return lines;
    }

    private String fetch(Entry entry, String name) {
        if (entry.location() instanceof Location.Elsewhere elsewhere) {
            return elsewhere.advice();
        }
        return commands.contains(PULL)
                ? "jllm pull " + name
                : "get https://huggingface.co/" + entry.id() + " into the Hugging Face cache";
    }

    private String use(String name, Set<Task> tasks, String flags) {
        if (tasks.contains(Task.CHAT) || tasks.contains(Task.COMPLETION)) {
            return "jllm run " + name + flags + " \"…\"";
        }
        if (tasks.contains(Task.FILL_MASK)) {
            return "jllm fill " + name + " \"…[MASK]…\"";
        }
        if (tasks.contains(Task.TOKEN_DETECTION)) {
            return "jllm classify " + name + " \"…\"";
        }
        if (tasks.contains(Task.EMBEDDING)) {
            return commands.contains(EMBED) ? "jllm " + EMBED + " " + name + flags + " \"…\"" : similarity(name);
        }
        return "jllm run " + name + flags + " \"…\"";
    }

    private static String similarity(String name) {
        return "jllm similarity " + name + " \"…\" \"…\"";
    }
}
