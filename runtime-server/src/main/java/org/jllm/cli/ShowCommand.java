package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.JllmException;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.ModelSource;
import org.jllm.generation.ModelDescription;
import org.jllm.hub.ModelFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Tells what is known of a model, and whether its files are here.")
final class ShowCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Option(names = "--json", description = "As a JSON object.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        Jllm jllm = catalogue.jllm();
        ModelSource source = jllm.catalogue().resolve(model);
        boolean here = jllm.files().state(source.location()) != ModelFiles.State.REMOTE;
        Optional<ModelDescription> files = here ? Optional.of(jllm.describe(model)) : Optional.empty();
        String template = here ? template(jllm) : "";
        String tokenizer = here ? tokenizer(jllm) : "";
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode facts = facts(source, jllm, files, template, mapper);
        if (!tokenizer.isEmpty()) {
            facts.put("tokenizedBy", tokenizer);
        }
        if (json) {
            console.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(facts));
        } else {
            print(facts);
        }
        return 0;
    }

    private static ObjectNode facts(
            ModelSource source, Jllm jllm, Optional<ModelDescription> files, String template, ObjectMapper mapper) {
        Entry entry = source.entry();
        ObjectNode facts = entry != null
                ? Entries.json(entry, jllm.files(), mapper)
                : mapper.createObjectNode()
                        .put("id", source.name())
                        .put("loader", source.loader())
                        .put("state", jllm.files().state(source.location()).label());
        files.ifPresent(description -> {
            facts.put("architecture", description.architecture());
            facts.put("supported", description.supported());
            facts.put("context", description.context());
            facts.put("vocabulary", description.vocabularySize());
            facts.put("parameters", description.parameters());
            facts.put("bytes", description.bytes());
            facts.put("dtype", description.storedType());
            facts.put("tokenizer", description.tokenizer());
            facts.put("template", template.isEmpty() ? null : template);
        });
        return facts;
    }

    /** The template's name needs the tokenizer's special tokens; a model may come without either. */
    private String template(Jllm jllm) {
        try {
            return jllm.templateName(model).orElse("");
        } catch (JllmException e) {
            console.note("no template: " + e.getMessage());
            return "";
        }
    }

    /** The class, its files and the reason. */
    private String tokenizer(Jllm jllm) {
        try {
            return jllm.describeTokenizer(model).orElse("");
        } catch (JllmException e) {
            console.note("no tokenizer: " + e.getMessage());
            return "";
        }
    }

    private void print(ObjectNode facts) {
        Map<String, String> shown = new LinkedHashMap<>();
        facts.properties().forEach(fact -> {
            if (!fact.getValue().isNull()) {
                shown.put(fact.getKey(), text(fact.getKey(), facts));
            }
        });
        shown.forEach((name, value) -> console.out().printf("%-14s %s%n", name, value));
    }

    private static String text(String name, ObjectNode facts) {
        var value = facts.get(name);
        return switch (name) {
            case "bytes" -> ByteSize.format(value.longValue());
            case "parameters" -> String.format(Locale.ROOT, "%,d", value.longValue());
            case "aliases", "tasks" ->
                value.isPojo() ? value.toString().replaceAll("[\\[\\]\"]", "").replace(",", ", ") : value.toString();
            default -> value.asText();
        };
    }
}
