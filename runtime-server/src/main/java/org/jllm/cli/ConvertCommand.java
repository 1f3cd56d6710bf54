package org.jllm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.catalogue.ByteSize;
import org.jllm.checkpoint.Conversion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description =
                "Writes a model's folder anew with its weights as safetensors, which load without a copy: quantised ones"
                        + " unpacked, adapters merged with their base.")
final class ConvertCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "FOLDER",
            description = "A model's folder, or a name of 'jllm list' whose files are here.")
    private String model = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            required = true,
            description = "The new folder; it must not exist, or be empty.")
    private Path out = Path.of("");

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "The model that FOLDER is an adapter for, to be merged with it.")
    private @Nullable String base;

    @Option(
            names = "--lora",
            paramLabel = "PATH[=SCALE]",
            description = "An adapter to merge with the model; may be given several times.")
    private List<String> lora = List.of();

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    ConvertCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Conversion.Result result;
        try (LoadProgress progress = LoadProgress.on(console, "converting")) {
            result = isPartAlone()
                    ? new Conversion(Path.of(model), out, Conversion.SHARD_BYTES).run(progress)
                    : catalogue.jllm().convert(model, options(), out, progress);
        }
        String files = result.files().size() == 1
                ? result.files().get(0)
                : result.files().size() + " files";
        String aliases = result.aliases() == 0
                ? ""
                : ", " + result.aliases() + (result.aliases() == 1 ? " more name" : " more names") + " for the same";
        console.out()
                .printf(
                        "%s: %d tensors%s, %s in %s, read back and equal%n",
                        out, result.tensors(), aliases, ByteSize.format(result.bytes()), files);
        return 0;
    }

    /** A folder need not be a whole model: an adapter has no {@code config.json}, and stays one unless a base is given. */
    private boolean isPartAlone() {
        return base == null
                && lora.isEmpty()
                && Files.isDirectory(Path.of(model))
                && !Files.exists(Path.of(model, "config.json"));
    }

    private LoadOptions options() {
        List<LoraAdapter> adapters = lora.stream().map(LoraAdapter::parse).toList();
        return LoadOptions.ofLora(adapters.isEmpty() ? null : adapters).withBase(base);
    }
}
