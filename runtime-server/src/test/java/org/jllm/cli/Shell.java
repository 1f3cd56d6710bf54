package org.jllm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs scripts in an environment that holds nothing but what a test gives. */
final class Shell {
    private final Map<String, String> environment = new HashMap<>();
    private final Path workingFolder;

    /** What a process left. */
    record Result(int status, String out, String err) {}

    Shell(Path workingFolder, Path programs) {
        this.workingFolder = workingFolder;
        environment.put("PATH", programs + ":/usr/bin:/bin");
    }

    /** Sets a variable. */
    Shell with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Process start(Path script, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(script.toString()).directory(workingFolder.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    Result run(String input, Path script, String... arguments) throws Exception {
        Process process = start(script, arguments);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return finish(process);
    }

    static Result finish(Process process) throws Exception {
        // Small outputs: they fit into the pipes.
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process does not end");
        }
        return new Result(process.exitValue(), read(process.getInputStream()), read(process.getErrorStream()));
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    static Path script(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        return Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
