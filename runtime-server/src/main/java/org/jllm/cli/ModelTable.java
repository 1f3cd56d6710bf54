package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Comparator;
import java.util.List;
import org.jllm.Jllm;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Task;

/** Models as {@code list} and {@code search} print them. */
final class ModelTable {
    private final Jllm jllm;
    private final Console console;

    ModelTable(Jllm jllm, Console console) {
        this.jllm = jllm;
        this.console = console;
    }

    void print(List<Entry> entries) {
        Table table = new Table("NAME", "SIZE", "TASKS", "RUNS", "FILES", "COMMERCIAL", "LICENSE", "REPOSITORY");
        for (Entry entry : entries) {
            table.add(
                    shortestName(entry),
                    entry.size().text(),
                    String.join(", ", entry.tasks().stream().map(Task::key).toList()),
                    jllm.readiness(entry).state().label(),
                    jllm.files().state(entry.location()).label(),
                    entry.license().commercial().key(),
                    entry.license().name(),
                    entry.id());
        }
        table.lines(Terminal.columns()).forEach(console.out()::println);
    }

    void printJson(List<Entry> entries) throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode rows = mapper.createArrayNode();
        entries.forEach(entry -> rows.add(Entries.json(entry, jllm, mapper)));
        console.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(rows));
    }

    /** What is least to type. */
    static String shortestName(Entry entry) {
        return entry.aliases().stream()
                .min(Comparator.comparingInt(String::length))
                .filter(alias -> alias.length() < entry.id().length())
                .orElse(entry.id());
    }
}
