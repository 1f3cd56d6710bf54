package org.jllm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.OwnCatalogue;
import org.jllm.catalogue.ParameterCount;
import org.jllm.generation.ModelDescription;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = "Adds a model that is on this machine to your catalogue; its files stay where they are.",
        footer = "With the id of a listed model, that model is run from these files from then on.")
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "FOLDER|FILE", description = "A model's folder or a .gguf file.")
    private Path path = Path.of("");

    @Option(names = "--id", paramLabel = "NAME", description = "By default the name of the folder or file.")
    private @Nullable String id;

    @Option(names = "--alias", paramLabel = "NAME", description = "A shorter name; may be given several times.")
    private List<String> aliases = List.of();

    @Option(
            names = "--template",
            paramLabel = "NAME|FILE",
            description = "The prompt template, if its files have none.")
    private @Nullable String template;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Jllm jllm = Jllm.ofUser();
        Path absolute = path.toAbsolutePath().normalize();
        // Says what is wrong with files that are no model.
        ModelDescription description = jllm.describe(absolute.toString());
        String name = id == null ? name(absolute) : id;
        OwnCatalogue own = OwnCatalogue.of(System.getenv());
        Optional<Entry> listed = jllm.catalogue().find(name);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", listed.map(Entry::id).orElse(name));
        if (!aliases.isEmpty()) {
            fields.put("aliases", aliases);
        }
        if (listed.isEmpty()) {
            fields.putAll(facts(description, absolute, jllm));
        } else if (Files.isRegularFile(absolute) != listed.get().loader().equals("gguf")) {
            fields.put("loader", Files.isRegularFile(absolute) ? "gguf" : "transformers");
        }
        if (template != null) {
            Path file = Path.of(template);
            fields.put(
                    "template",
                    Files.isRegularFile(file) ? file.toAbsolutePath().toString() : template);
        }
        fields.put("path", absolute.toString());
        own.add(fields);
        console.note(fields.get("id") + " is in " + own.file() + "; 'jllm run " + fields.get("id")
                + "' runs it, 'jllm rm " + fields.get("id") + "' takes it out");
        return 0;
    }

    private static String name(Path path) {
        Path last = path.getFileName();
        if (last == null) {
            throw new InvalidRequestException("give the model a name with --id");
        }
        return last.toString().replaceFirst("(?i)\\.gguf$", "");
    }

    private Map<String, Object> facts(ModelDescription description, Path absolute, Jllm jllm) {
        boolean gguf = Files.isRegularFile(absolute);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("family", "imported");
        facts.put("section", "own");
        facts.put("developer", "unknown");
        facts.put("size", ParameterCount.rounded(description.parameters()).text());
        facts.put("architecture", description.architecture());
        if (gguf) {
            facts.put("loader", "gguf");
        }
        facts.put("tasks", List.of(template != null || hasTemplate(absolute, jllm) ? "chat" : "completion"));
        facts.put("license", "unstated");
        return facts;
    }

    private static boolean hasTemplate(Path absolute, Jllm jllm) {
        try {
            return jllm.templateName(absolute.toString()).isPresent();
        } catch (JllmException e) {
            return false;
        }
    }
}
