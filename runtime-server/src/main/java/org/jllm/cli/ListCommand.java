package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jllm.Jllm;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.NearNames;
import org.jllm.catalogue.Task;
import org.jllm.hub.ModelFiles;
import org.jllm.registry.LicenseFilter;
import org.jllm.registry.ModelsPage;
import org.jllm.registry.SizeRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Lists the models that go by a name; the flags choose among them.")
final class ListCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--task", paramLabel = "TASK", split = ",", description = "chat, completion, embedding, …")
    private List<String> tasks = List.of();

    @Option(
            names = "--size",
            paramLabel = "RANGE",
            description = "Parameters: '<8b', '>=1b', 7b, 1b..8b; several with commas.")
    private @Nullable String size;

    @Option(
            names = "--license",
            paramLabel = "WORD",
            description =
                    "commercial (use allowed, perhaps with conditions), yes, conditional, no, unknown, or a part of"
                            + " the licence's name.")
    private @Nullable String license;

    @Option(names = "--family", paramLabel = "NAME", description = "Of this family; a part of its name is enough.")
    private @Nullable String family;

    @Option(names = "--installed", description = "Only models whose files are on this machine.")
    private boolean installed;

    @Option(names = "--json", description = "All that is known of each model, as a JSON array.")
    private boolean json;

    @Option(names = "--markdown", description = "The page docs/models.md: all models of this version by state.")
    private boolean markdown;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        if (markdown) {
            Jllm own = Jllm.builder().withoutUserSettings().build();
            console.out().print(ModelsPage.of(own.catalogue().entries(), own::readiness));
            return 0;
        }
        Jllm jllm = catalogue.jllm();
        List<Entry> entries =
                jllm.catalogue().entries().stream().filter(filter(jllm)).toList();
        ModelTable table = new ModelTable(jllm, console);
        if (json) {
            table.printJson(entries);
        } else if (entries.isEmpty()) {
            console.note("no model of the catalogue is like that; 'jllm list' shows all");
        } else {
            table.print(entries);
        }
        return 0;
    }

    private Predicate<Entry> filter(Jllm jllm) {
        List<Predicate<Entry>> conditions = new ArrayList<>();
        if (!tasks.isEmpty()) {
            List<Task> wanted = tasks.stream().map(this::task).toList();
            conditions.add(entry -> entry.tasks().stream().anyMatch(wanted::contains));
        }
        if (size != null) {
            SizeRange range = range(size);
            conditions.add(entry -> range.test(entry.size()));
        }
        if (license != null) {
            LicenseFilter wanted = new LicenseFilter(license);
            conditions.add(entry -> wanted.test(entry.license()));
        }
        if (family != null) {
            String wanted = family.toLowerCase(Locale.ROOT);
            conditions.add(entry -> entry.family().toLowerCase(Locale.ROOT).contains(wanted));
        }
        if (installed) {
            conditions.add(entry -> jllm.files().state(entry.location()) != ModelFiles.State.REMOTE);
        }
        return entry -> conditions.stream().allMatch(condition -> condition.test(entry));
    }

    private Task task(String text) {
        return Task.of(text.strip())
                .orElseThrow(() -> usage("--task: there is no task '" + text + "'"
                        + orElse(
                                NearNames.question(text, Task.keys()),
                                "; tasks are " + String.join(", ", Task.keys()))));
    }

    private static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private SizeRange range(String text) {
        try {
            return SizeRange.parse(text);
        } catch (InvalidRequestException e) {
            throw usage("--size: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
