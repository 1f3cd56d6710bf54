package org.jllm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Files of {@code /proc}, which say {@code name: value} a line; empty on other systems. */
final class LinuxFile {
    private LinuxFile() {}

    static List<String> lines(String path) {
        Path file = Path.of(path);
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    static Optional<String> value(String path, String name) {
        return lines(path).stream()
                .filter(line -> line.startsWith(name) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** A value that is given in kB, as bytes. */
    static OptionalLong bytes(String path, String name) {
        return value(path, name)
                .map(text -> text.replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty())
                .map(digits -> OptionalLong.of(Long.parseLong(digits) * 1024))
                .orElse(OptionalLong.empty());
    }
}
