package org.jllm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A distribution made of what the tests run with: the launcher, the jars, and jars of the classes that have none yet. */
record TestDistribution(Path home, Path cache) {
    static final String BUILD = "0123456789abcdef";

    /**
     * Makes one in a folder; the cache is that of the tests, where the libraries are unpacked. Java 17 archives classes only
     * of jars whose path is written the same in an URL.
     */
    static TestDistribution in(Path folder) throws IOException {
        Path home = folder.toRealPath().resolve("distribution");
        Shell.copy(Path.of("src/main/dist/bin/jllm"), home.resolve("bin/jllm"));
        Shell.copy(Path.of("../models.yaml"), home.resolve("models.yaml"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.writeString(lib.resolve("build"), BUILD + "\n");
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(element);
            if (Files.isRegularFile(path) && element.endsWith(".jar")) {
                Files.createSymbolicLink(lib.resolve(path.getFileName()), path);
            } else if (path.endsWith("classes") && !path.toString().contains("test-classes")) {
                pack(path, lib.resolve(path.getParent().getParent().getFileName() + ".jar"));
            }
        }
        return new TestDistribution(home, Path.of(System.getenv("JLLM_CACHE")).toAbsolutePath());
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            zip.setLevel(1);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }

    Path launcher() {
        return home.resolve("bin/jllm");
    }

    String classPath() {
        return home.resolve("lib") + "/*";
    }

    /** Where the archives of this distribution belong. */
    Path archives() {
        return cache.resolve("classes").resolve(home.toString().substring(1));
    }

    /** Removes the links to the jars, and what was made for it in the cache. */
    void clean() throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            for (Path link : jars.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
        Path top = cache.resolve("classes");
        try (Stream<Path> files = Files.exists(archives()) ? Files.list(archives()) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        for (Path folder = archives(); folder.startsWith(top) && folder.toFile().delete(); ) {
            folder = folder.getParent();
        }
    }

    Shell shell() {
        return new Shell(home, home)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("LANG", "C.UTF-8")
                .with("JLLM_CACHE", cache.toString());
    }

    /** Runs the launcher. */
    Shell.Result run(String... arguments) throws Exception {
        return shell().run("", launcher(), arguments);
    }

    /** Runs a class of it with options of Java. */
    int java(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = ClassArchive.silent(command);
        builder.environment().put("JLLM_CACHE", cache.toString());
        Process process = builder.start();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end");
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
