package org.jllm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "pull",
        description = "Downloads models, or what is new of them; prints where they are.",
        footer = "Interrupted, it goes on at the next call. HF_TOKEN, HF_ENDPOINT, HF_HOME: see docs/downloads.md.")
final class PullCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            arity = "1..*",
            description = "Names of 'jllm list'; NAME@REVISION is a branch, a tag or a commit.")
    private List<String> models = List.of();

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            description = "A branch, a tag or a commit instead of the main branch.")
    private @Nullable String revision;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "The files for this engine: transformers, gguf or onnx; by default the model's own.")
    private @Nullable String engine;

    @Option(
            names = "--file",
            paramLabel = "NAME",
            description = "Of several GGUF files or ONNX graphs the one with this in its name, such as q8_0; by default"
                    + " q4_k_m and model.onnx.")
    private @Nullable String file;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    PullCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Jllm jllm = catalogue.jllm(console);
        LoadOptions options = options();
        for (String model : models) {
            Path path = jllm.pull(revision == null ? model : model + "@" + revision, options, file);
            console.out().println(path);
        }
        return 0;
    }

    private LoadOptions options() {
        try {
            return engine == null
                    ? LoadOptions.none()
                    : Settings.ofFlags(Map.of("engine", engine), "--").load();
        } catch (InvalidSettingException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
