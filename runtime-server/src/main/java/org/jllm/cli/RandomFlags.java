package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.CapacityException;
import org.jllm.machine.TemporaryFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of a model that is made for a measurement. */
final class RandomFlags {
    @Option(
            names = "--random",
            paramLabel = "SHAPE",
            description =
                    "Instead of MODEL: random weights of a known shape, such as llama:1.1b, in a temporary folder.")
    @Nullable
    String shape;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            description = "With --random: a GGUF file of this type, such as q8_0, q4_k_m or f16; with --compare all of"
                    + " these, by default q8_0,q4_0,q4_k_m,f16,bf16.")
    @Nullable
    List<String> types;

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "With --random: write the model there and keep it, with --compare in folders in it.")
    @Nullable
    Path keep;

    /** What is done with a folder. */
    @FunctionalInterface
    interface Use {
        void of(Path folder) throws IOException;
    }

    /** The folder to write into: the one to keep, or one that goes away. */
    void inFolder(Use use) throws IOException {
        if (keep == null) {
            try (TemporaryFolder folder = TemporaryFolder.create("jllm-bench")) {
                use.of(folder.path());
            }
            return;
        }
        try {
            Files.createDirectories(keep);
        } catch (IOException e) {
            throw new CapacityException("cannot make the folder " + keep + ": " + e.getMessage(), e);
        }
        use.of(keep);
    }
}
