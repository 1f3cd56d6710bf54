package org.jllm.registry;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Task;
import org.jllm.registry.Readiness.State;

/** The page {@code docs/models.md}: every model of the catalogue by whether it runs. */
public final class ModelsPage {
    private static final String EMBEDDED = "embedded";

    /** A model of the page. */
    private record Row(Entry entry, Readiness readiness) {}

    private ModelsPage() {}

    /** The page, in Markdown. */
    public static String of(List<Entry> entries, Function<Entry, Readiness> readiness) {
        Map<State, List<Row>> byState = entries.stream()
                .filter(entry -> !entry.section().equals(EMBEDDED))
                .map(entry -> new Row(entry, readiness.apply(entry)))
                .collect(Collectors.groupingBy(
                        row -> row.readiness().state(), () -> new EnumMap<>(State.class), Collectors.toList()));
        StringBuilder page = new StringBuilder("""
                # The models of the list, by state

                Made by `./jllm list --markdown > docs/models.md` from `models.yaml` and from what the engines say of themselves:
                which architectures they run, which forms of weights and which tokenizers they read. The names are what commands
                take; [catalogue.md](catalogue.md) tells more about them.

                | state | models | what it means |
                |---|---|---|
                """);
        for (State state : State.values()) {
            int count = byState.getOrDefault(state, List.of()).size();
            page.append("| ").append(state.label()).append(" | ").append(count);
            page.append(" | ").append(meaning(state)).append(" |\n");
        }
        byState.forEach((state, rows) -> section(page, state, rows));
        return page.toString();
    }

    private static String meaning(State state) {
        return switch (state) {
            case RUNS -> "with its files on this machine; GGUF: the model's sibling in that form";
            case NEEDS_PROGRAM -> "after that program is installed";
            case NEEDS_LICENSE -> "after its licence, or that of its base, is accepted on the hub";
            case NOT_YET -> "this version lacks what the table names";
            case CANNOT -> "for the reason that the table gives";
        };
    }

    private static void section(StringBuilder page, State state, List<Row> rows) {
        String label = state.label();
        page.append("\n## ").append(Character.toUpperCase(label.charAt(0))).append(label.substring(1));
        page.append("\n\n");
        boolean runs = state == State.RUNS;
        page.append("| model | name | size | tasks | ")
                .append(runs ? "engine" : "because")
                .append(" | note |\n");
        page.append("|---|---|---|---|---|---|\n");
        rows.forEach(row -> page.append(line(row, runs)));
    }

    private static String line(Row row, boolean runs) {
        Entry entry = row.entry();
        Readiness readiness = row.readiness();
        String note = entry.note();
        return Stream.of(
                        entry.id(),
                        entry.aliases().isEmpty() ? "" : "`" + entry.aliases().get(0) + "`",
                        entry.size().text(),
                        entry.tasks().stream().map(Task::key).collect(Collectors.joining(", ")),
                        runs ? engine(entry, readiness) : String.join("; ", readiness.reasons()),
                        note == null ? "" : note)
                .map(cell -> cell.strip().replace("|", "\\|").replaceAll("\\s+", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String engine(Entry entry, Readiness readiness) {
        String engine = String.valueOf(readiness.engine());
        var sibling = entry.siblings().on(engine);
        return readiness.sibling() && sibling != null ? engine + ", as " + MemoryPlan.where(sibling) : engine;
    }
}
