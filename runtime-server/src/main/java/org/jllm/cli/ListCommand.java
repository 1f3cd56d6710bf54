package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists the models that can be run by name.")
final class ListCommand implements Callable<Integer> {
    private static final String ROW = "%-24s %-16s %-8s %-14s %-12s %s%n";

    private final Console console;

    @Option(names = "--json", description = "All that is known of each model, as a JSON array.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        Jllm jllm = catalogue.jllm();
        List<Entry> entries = jllm.catalogue().entries();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            ArrayNode rows = mapper.createArrayNode();
            entries.forEach(entry -> rows.add(Entries.json(entry, jllm.files(), mapper)));
            console.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(rows));
            return 0;
        }
        console.out().printf(ROW, "MODEL", "FAMILY", "SIZE", "ARCHITECTURE", "STATE", "TASKS");
        for (Entry entry : entries) {
            console.out()
                    .printf(
                            ROW,
                            entry.id(),
                            entry.family(),
                            entry.size(),
                            entry.architecture(),
                            jllm.files().state(entry.location()).label(),
                            String.join(
                                    ", ", entry.tasks().stream().map(Task::key).toList()));
        }
        return 0;
    }
}
