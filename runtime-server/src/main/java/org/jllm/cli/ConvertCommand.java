package org.jllm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.catalogue.ByteSize;
import org.jllm.checkpoint.Conversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = "Writes a model's folder anew with its weights as safetensors, which load without a copy.")
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

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    ConvertCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Conversion.Result result;
        try (LoadProgress progress = LoadProgress.on(console, "converting")) {
            result = new Conversion(folder(), out, Conversion.SHARD_BYTES).run(progress);
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

    /** A folder need not be a whole model: an adapter has no {@code config.json}. */
    private Path folder() {
        if (Files.isDirectory(Path.of(model))) {
            return Path.of(model);
        }
        Jllm jllm = catalogue.jllm();
        return jllm.files().locate(jllm.catalogue().resolve(model));
    }
}
