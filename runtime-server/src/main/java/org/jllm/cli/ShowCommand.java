package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jllm.AdapterDescription;
import org.jllm.Jllm;
import org.jllm.api.JllmException;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.ModelSource;
import org.jllm.generation.ModelDescription;
import org.jllm.hub.ModelFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        description =
                "Tells what is known of a model, whether it runs and fits into this machine, and what to type next.")
final class ShowCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Option(names = "--json", description = "As a JSON object.")
    private boolean json;

    private final Set<String> said = new HashSet<>();

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
        Optional<AdapterDescription> adapter = here ? jllm.adapter(model) : Optional.empty();
        Optional<ModelDescription> files = here ? description(jllm, adapter.isPresent()) : Optional.empty();
        String tokenizer = here ? tokenizer(jllm) : "";
        String template = files.isPresent() ? template(jllm) : listedTemplate(source);
        List<MemoryRow> memory = MemoryRow.of(source, files, jllm);
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode facts = facts(source, jllm, files, template, mapper);
            adapter.ifPresent(description -> {
                facts.put("adapter", description.form());
                facts.put("adapter_base", description.base());
            });
            if (!tokenizer.isEmpty()) {
                facts.put("tokenizedBy", tokenizer);
            }
            ModelReport.putMemory(facts, memory);
            console.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(facts));
        } else {
            NextCommand next = new NextCommand(
                    Objects.requireNonNull(Objects.requireNonNull(spec).parent())
                            .subcommands()
                            .keySet());
            new ModelReport(source, files, adapter, template, tokenizer, jllm, next)
                    .lines(memory, Terminal.columns())
                    .forEach(console.out()::println);
        }
        return 0;
    }

    /** An adapter can be shown without its base, whose files say the rest. */
    private Optional<ModelDescription> description(Jllm jllm, boolean adapter) {
        try {
            return Optional.of(jllm.describe(model));
        } catch (JllmException e) {
            if (!adapter) {
                throw e;
            }
            console.note(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static ObjectNode facts(
            ModelSource source,
            Jllm jllm,
            Optional<ModelDescription> files,
            @Nullable String template,
            ObjectMapper mapper) {
        Entry entry = source.entry();
        ObjectNode facts = entry != null
                ? Entries.json(entry, jllm, mapper)
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
            facts.put("quantization", description.quantization());
            facts.put("tokenizer", description.tokenizer());
            facts.put("template", template);
        });
        if (entry != null) {
            facts.putPOJO("reasons", jllm.readiness(entry).reasons());
        }
        return facts;
    }

    private static @Nullable String listedTemplate(ModelSource source) {
        Entry entry = source.entry();
        return entry == null || entry.template() == null
                ? null
                : entry.template().name();
    }

    /** The template's name needs the tokenizer's special tokens; a model may come without either. */
    private @Nullable String template(Jllm jllm) {
        try {
            return jllm.templateName(model).orElse(null);
        } catch (JllmException e) {
            note("no template: ", e);
            return null;
        }
    }

    /** The class, its files and the reason. */
    private String tokenizer(Jllm jllm) {
        try {
            return jllm.describeTokenizer(model).orElse("");
        } catch (JllmException e) {
            note("", e);
            return "";
        }
    }

    /** What is missing may be the reason for more than one row that is not there. */
    private void note(String what, JllmException e) {
        String message = String.valueOf(e.getMessage());
        if (said.add(message)) {
            console.note(what + message);
        }
    }
}
