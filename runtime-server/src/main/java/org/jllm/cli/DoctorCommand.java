package org.jllm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jllm.Jllm;
import org.jllm.api.JllmException;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.ModelLoader;
import org.jllm.hub.CacheFolder;
import org.jllm.machine.Machine;
import picocli.CommandLine.Command;

@Command(name = "doctor", description = "Tells what this machine has for running models, and what is missing.")
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        row("jllm", Version.number());
        row(
                "Java",
                Runtime.version() + " (" + System.getProperty("java.vm.name") + ", " + System.getProperty("java.home")
                        + ")");
        row(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        row("processor", Machine.processor() + ", " + Machine.physicalCores() + " cores");
        row("instructions", String.join(" ", Machine.instructionSets()));
        row("memory", ByteSize.format(Machine.memoryBytes()) + available());
        cache(CacheFolder.ofUser().root());
        boolean well = true;
        for (ModelLoader loader : Jllm.ofUser().loaders()) {
            well &= engine(loader);
        }
        return well ? 0 : Main.FAILED;
    }

    private static String available() {
        var bytes = Machine.availableBytes();
        return bytes.isPresent() ? ", " + ByteSize.format(bytes.getAsLong()) + " available" : "";
    }

    private void cache(Path root) {
        File existing = root.toFile();
        while (!existing.exists() && existing.getParentFile() != null) {
            existing = existing.getParentFile();
        }
        String free = ", " + ByteSize.format(existing.getUsableSpace()) + " free on its disk";
        row("cache", root + " (" + ByteSize.format(size(root)) + ")" + free);
    }

    private static long size(Path root) {
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private boolean engine(ModelLoader loader) {
        try {
            loader.diagnose().forEach((name, value) -> row(loader.engine(), name + " " + value));
            return true;
        } catch (JllmException e) {
            row(loader.engine(), "does not work: " + e.getMessage());
            return false;
        }
    }

    private void row(String name, String value) {
        console.out().printf("%-14s %s%n", name, value);
    }
}
