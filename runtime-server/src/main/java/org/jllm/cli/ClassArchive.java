package org.jllm.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The archive of class data, which Java maps at its start instead of reading, checking and linking classes. The launcher
 * gives it to Java where it is there, and names the file in any case, by build, folder and Java. After an answer by an
 * engine whose classes are not in it, a process of its own makes it anew: {@link ClassArchiveMain}. Whatever goes wrong
 * there, the next start is as slow as this one was, and nobody hears of it.
 *
 * @param file the archive; beside it lie a list of classes for each engine, and a lock
 */
record ClassArchive(Path file) {
    static final String PROPERTY = "jllm.archive";

    private static final String SUFFIX = ".jsa";
    private static final long SPACE = 200L << 20;

    /** That of this process; empty if the launcher names none. */
    static Optional<ClassArchive> ofProcess() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(name -> new ClassArchive(Path.of(name)));
    }

    /** The names of the classes that an engine's answer needs, as Java lists them; there once they are in the archive. */
    Path classes(String engine) {
        return beside('.' + engine + ".classes");
    }

    Path lock() {
        return beside(".lock");
    }

    /** A file that is being written. */
    Path temporary(String what) {
        return beside(what + ".tmp");
    }

    private Path beside(String suffix) {
        String name = file.getFileName().toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return file.resolveSibling(stem + suffix);
    }

    /**
     * Starts what makes it with the classes of an engine, unless it has them, or that cannot succeed.
     *
     * @return the process, which stays when this one ends
     */
    Optional<Process> makeFor(String engine) {
        // With an archive that it could not use, this Java shares no class data at all; without one it does if it can.
        boolean sharing = System.getProperty("java.vm.info", "").contains("sharing");
        boolean there = Files.exists(file);
        if (there ? sharing && Files.exists(classes(engine)) : !sharing) {
            return Optional.empty();
        }
        try {
            Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
            if (Files.getFileStore(folder).getUsableSpace() < SPACE) {
                return Optional.empty();
            }
            List<String> command = java();
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
            for (String name : List.of("jllm.home", "jllm.models")) {
                command.add("-D" + name + '=' + System.getProperty(name, ""));
            }
            command.addAll(List.of(ClassArchiveMain.class.getName(), file.toString(), engine));
            return Optional.of(start(command));
        } catch (IOException e) {
            System.getLogger(ClassArchive.class.getName()).log(System.Logger.Level.DEBUG, "no class archive", e);
            return Optional.empty();
        }
    }

    /** The Java that runs, with the class path of this process. */
    static List<String> java() {
        String program = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ArrayList<>(List.of(program, "-cp", System.getProperty("java.class.path")));
    }

    /** In the background, after all else that the machine has to do. */
    private static Process start(List<String> command) throws IOException {
        List<String> last = new ArrayList<>(List.of("nice", "-n", "19"));
        last.addAll(command);
        try {
            return silent(last).start();
        } catch (IOException e) {
            return silent(command).start();
        }
    }

    /** A process that neither reads nor writes what this one does. */
    static ProcessBuilder silent(List<String> command) {
        String nothing = System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null";
        return new ProcessBuilder(command)
                .redirectInput(new File(nothing))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
    }
}
