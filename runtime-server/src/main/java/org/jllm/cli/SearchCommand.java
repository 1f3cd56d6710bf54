package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.catalogue.Entry;
import org.jllm.registry.ModelSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "search", description = "Finds models by words of their names, makers, tasks, sizes, licences.")
final class SearchCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "WORD", arity = "1..*", description = "All of them have to be found.")
    private List<String> words = List.of();

    @Option(names = "--json", description = "All that is known of each model, as a JSON array.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    SearchCommand(Console console) {
        this.console = console;
    }

    /** As with grep, finding nothing is a failure. */
    @Override
    public Integer call() throws JsonProcessingException {
        Jllm jllm = catalogue.jllm();
        List<Entry> found = ModelSearch.find(jllm.catalogue().entries(), words);
        ModelTable table = new ModelTable(jllm, console);
        if (json) {
            table.printJson(found);
        } else if (found.isEmpty()) {
            console.error("no model is found by '" + String.join(" ", words) + "': try fewer words, or 'jllm list'");
        } else {
            table.print(found);
        }
        return found.isEmpty() ? Main.FAILED : 0;
    }
}
