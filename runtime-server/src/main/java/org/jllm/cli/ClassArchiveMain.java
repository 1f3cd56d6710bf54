package org.jllm.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes a {@link ClassArchive} with the classes of one more engine: has another Java answer with the embedded model and
 * list what it loads, and a third one archive what was ever listed. What is there stays usable until the new archive takes
 * its place in one step. Ends at once where another process is at it.
 */
final class ClassArchiveMain {
    /** Far more than it takes; a process that hangs must not stay. */
    private static final int MOST_SECONDS = 120;

    private static final String PROMPT = "ls は何をするコマンドですか？";

    private final ClassArchive archive;
    private final String engine;

    private ClassArchiveMain(ClassArchive archive, String engine) {
        this.archive = archive;
        this.engine = engine;
    }

    /** @param arguments the file of the archive and the name of the engine */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ClassArchive archive = new ClassArchive(Path.of(arguments[0]));
        try (FileChannel channel =
                        FileChannel.open(archive.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                new ClassArchiveMain(archive, arguments[1]).make();
            }
        }
    }

    private void make() throws IOException, InterruptedException {
        Path listed = archive.temporary("." + engine);
        Path all = archive.temporary("");
        Path made = archive.temporary(".jsa");
        try {
            boolean known = Files.exists(archive.classes(engine));
            if ((known && isUsable(archive.file())) || !(known || list(listed))) {
                return;
            }
            Files.write(all, union(known ? archive.classes(engine) : listed));
            if (dump(all, made) && isUsable(made)) {
                Files.move(made, archive.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                if (!known) {
                    Files.move(listed, archive.classes(engine), StandardCopyOption.ATOMIC_MOVE);
                }
                deleteOlderBuilds();
            }
        } finally {
            for (Path temporary : List.of(listed, all, made)) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** Java itself refuses an archive of another Java, of another class path, or that is damaged. */
    private static boolean isUsable(Path file) throws IOException, InterruptedException {
        return Files.exists(file)
                && run(
                        "-Xshare:on",
                        "-XX:+VerifySharedSpaces",
                        "-XX:SharedArchiveFile=" + file,
                        Main.class.getName(),
                        "--version");
    }

    private boolean list(Path classes) throws IOException, InterruptedException {
        return run(
                        "-XX:DumpLoadedClassList=" + classes,
                        "-XX:+UseSerialGC",
                        "-Djllm.home=" + System.getProperty("jllm.home", ""),
                        "-Djllm.models=" + System.getProperty("jllm.models", ""),
                        Main.class.getName(),
                        "run",
                        "demo",
                        "--engine",
                        engine,
                        PROMPT)
                && Files.exists(classes);
    }

    /** Objects that Java keeps in the archive can only be written with this collector, whichever reads them. */
    private static boolean dump(Path classes, Path file) throws IOException, InterruptedException {
        return run(
                        "-Xshare:dump",
                        "-XX:+UseG1GC",
                        "-XX:SharedClassListFile=" + classes,
                        "-XX:SharedArchiveFile=" + file)
                && Files.exists(file);
    }

    private Set<String> union(Path more) throws IOException {
        Set<String> lines = new LinkedHashSet<>(Files.readAllLines(more));
        for (Path list : siblings("*.classes")) {
            if (list.getFileName().toString().startsWith(stem() + '.')) {
                lines.addAll(Files.readAllLines(list));
            }
        }
        return lines;
    }

    private static boolean run(String... arguments) throws IOException, InterruptedException {
        List<String> command = ClassArchive.java();
        command.addAll(List.of(arguments));
        ProcessBuilder builder = ClassArchive.silent(command);
        // Settings of the user change neither the answer nor its classes; where the caches are stays.
        builder.environment().keySet().removeIf(name -> name.startsWith("JLLM_") && !name.equals("JLLM_CACHE"));
        Process process = builder.start();
        try {
            return process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The build's identity is the first part of the name: classes of another one are never read again. */
    private void deleteOlderBuilds() throws IOException {
        String build = stem().substring(0, stem().indexOf('-') + 1);
        for (Path file : siblings("*")) {
            if (!file.getFileName().toString().startsWith(build)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private String stem() {
        return archive.file().getFileName().toString().replaceFirst("\\.jsa$", "");
    }

    private List<Path> siblings(String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files =
                Files.newDirectoryStream(archive.file().toAbsolutePath().getParent(), pattern)) {
            files.forEach(found::add);
        }
        return found;
    }
}
