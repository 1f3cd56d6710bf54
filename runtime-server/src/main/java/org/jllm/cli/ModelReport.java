package org.jllm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jllm.AdapterDescription;
import org.jllm.Jllm;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.License;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.Task;
import org.jllm.catalogue.Weights;
import org.jllm.generation.ModelDescription;
import org.jllm.machine.Machine;
import org.jllm.registry.Readiness;
import org.jspecify.annotations.Nullable;

/** What {@code jllm show} says of a model to a person. */
final class ModelReport {
    private static final String ROW = "%-12s %s";
    private static final String HUB = "https://huggingface.co/";

    private final ModelSource source;
    private final Optional<ModelDescription> files;
    private final Optional<AdapterDescription> adapter;
    private final @Nullable String template;
    private final String tokenizer;
    private final Jllm jllm;
    private final NextCommand next;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param template that its chats are rendered with; null: it continues texts
     * @param tokenizer its class, its files and why; empty: not known
     */
    ModelReport(
            ModelSource source,
            Optional<ModelDescription> files,
            Optional<AdapterDescription> adapter,
            @Nullable String template,
            String tokenizer,
            Jllm jllm,
            NextCommand next) {
        this.source = source;
        this.files = files;
        this.adapter = adapter;
        this.template = template;
        this.tokenizer = tokenizer;
        this.jllm = jllm;
        this.next = next;
    }

    /** @param columns of the terminal; 0: no limit */
    List<String> lines(List<MemoryRow> memory, int columns) {
        Entry entry = source.entry();
        row("model", source.name());
        if (entry != null) {
            describe(entry);
        }
        adapter.ifPresent(this::describe);
        files.ifPresent(this::describe);
        if (!tokenizer.isEmpty()) {
            row("tokenized by", tokenizer);
        }
        row("prompt", template == null ? "continues texts: no template" : template);
        row("files", jllm.files().state(source.location()).label());
        if (entry != null) {
            row("runs", readiness(entry));
        } else {
            files.ifPresent(found -> row(
                    "runs",
                    found.supported()
                            ? "yes, on " + source.loader()
                            : "no: the engine " + source.loader() + " does not know the architecture "
                                    + found.architecture()));
        }
        table(memory, columns);
        next.lines(source, entry, files, memory, jllm).forEach(line -> row("next", line));
        return lines;
    }

    private void row(String name, String value) {
        lines.add(String.format(Locale.ROOT, ROW, name, value));
    }

    private void describe(Entry entry) {
        if (!entry.aliases().isEmpty()) {
            row("names", String.join(", ", entry.aliases()));
        }
        row("what", entry.tasks().stream().map(Task::label).collect(Collectors.joining(", ")));
        row("made by", entry.developer() + " (" + entry.family() + ")");
        row("license", license(entry.license()));
        row("size", entry.size() + " parameters, " + entry.architecture());
        if (entry.context() != null && files.isEmpty()) {
            row("context", entry.context() + " tokens");
        }
        if (entry.note() != null) {
            row("note", entry.note().strip());
        }
    }

    private static String license(License license) {
        String commercial = switch (license.commercial()) {
            case YES -> "commercial use allowed";
            case NO -> "no commercial use";
            case CONDITIONAL -> "commercial use with conditions";
            case UNKNOWN -> "commercial use not stated";
        };
        return license.name() + ": " + commercial + (license.link() == null ? "" : ", " + license.link());
    }

    private void describe(AdapterDescription found) {
        row("adapter", found.form() + (found.base() == null ? "; its base is not said" : " for " + found.base()));
    }

    private void describe(ModelDescription found) {
        row(
                "weights",
                found.architecture() + String.format(Locale.ROOT, ", %,d parameters in ", found.parameters())
                        + found.storedType()
                        + (found.quantization() == null ? "" : " (" + found.quantization() + ")")
                        + ", " + ByteSize.format(found.bytes()));
        if (found.context() != null) {
            row("context", found.context() + " tokens");
        }
        if (found.vocabularySize() != null) {
            row(
                    "tokenizer",
                    (found.tokenizer() == null ? "" : found.tokenizer() + ", ") + found.vocabularySize() + " tokens");
        }
    }

    private String readiness(Entry entry) {
        Readiness readiness = jllm.readiness(entry);
        String why = String.join("; ", readiness.reasons());
        return switch (readiness.state()) {
            case RUNS ->
                readiness.sibling()
                        ? "yes, as " + ("gguf".equals(readiness.engine()) ? "GGUF" : "an ONNX graph") + "; not on "
                                + entry.loader() + " yet"
                        : "yes, on " + readiness.engine();
            case NEEDS_PROGRAM -> "after installing " + why;
            case NEEDS_LICENSE -> "after this: " + why + " (" + HUB + page(entry) + ") and set HF_TOKEN";
            case NOT_YET -> "not yet: this version lacks " + why;
            case CANNOT -> "no: " + why;
        };
    }

    private static String page(Entry entry) {
        Weights weights = entry.weights();
        return weights.baseGated() && weights.adapterBase() != null ? weights.adapterBase() : entry.id();
    }

    private void table(List<MemoryRow> memory, int columns) {
        if (memory.isEmpty()) {
            return;
        }
        long free = Machine.availableBytes().orElse(Machine.memoryBytes());
        row(
                "memory",
                ByteSize.format(Machine.memoryBytes()) + " here, " + ByteSize.format(free) + " free"
                        + (memory.stream().anyMatch(MemoryRow::estimated)
                                ? "; sizes are estimates of the catalogue"
                                : ""));
        Table table = new Table("TYPE", "DISK", "MEMORY", "HERE", "ENGINE", "WEIGHTS", "CACHE");
        for (MemoryRow row : memory) {
            table.add(
                    row.needs().type(),
                    ByteSize.format(row.disk()),
                    ByteSize.format(row.needs().total()),
                    row.verdict(),
                    row.engine(),
                    ByteSize.format(row.needs().weights()),
                    ByteSize.format(row.needs().cache()) + " for " + row.needs().context() + " tokens");
        }
        String indent = " ".repeat(13);
        table.lines(columns == 0 ? 0 : Math.max(20, columns - indent.length()))
                .forEach(line -> lines.add(indent + line));
    }

    /** For programs: what a person reads in the table. */
    static void putMemory(ObjectNode facts, List<MemoryRow> memory) {
        var rows = facts.putArray("memory");
        for (MemoryRow row : memory) {
            rows.addObject()
                    .put("dtype", row.needs().type())
                    .put("engine", row.engine())
                    .put("disk", row.disk())
                    .put("weights", row.needs().weights())
                    .put("cache", row.needs().cache())
                    .put("workspace", row.needs().workspace())
                    .put("total", row.needs().total())
                    .put("context", row.needs().context())
                    .put("fits", row.fit() == MemoryRow.Fit.FITS)
                    .put("estimated", row.estimated());
        }
    }
}
