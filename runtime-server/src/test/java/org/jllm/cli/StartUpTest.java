package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jllm.cli.Shell.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a start loads, and the archive of class data behind it, with the launcher and with processes as users have them. */
@DisabledOnOs(OS.WINDOWS)
class StartUpTest {
    private static final String QUESTION = "ls は何をするコマンドですか？";
    private static final Result ANSWER = new Result(0, "ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。\n", "");

    @TempDir
    static Path folder;

    private static TestDistribution jllm;
    private static ClassArchive archive;
    private static Result first;

    /** The first answer, and the archive that is made after it. */
    @BeforeAll
    static void answerOnce() throws Exception {
        jllm = TestDistribution.in(folder);
        Files.createDirectories(jllm.archives());
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            jllm.archives().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            first = jllm.run("run", "demo", "--engine", "transformers", QUESTION);
            while (files(".transformers.classes").isEmpty()) {
                WatchKey key = watch.poll(120, TimeUnit.SECONDS);
                assertThat(key).as("something is made").isNotNull();
                key.pollEvents();
                key.reset();
            }
        }
        archive = new ClassArchive(files(".jsa").get(0));
        // Held until the process that made it ends.
        try (FileChannel channel = FileChannel.open(archive.lock(), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
        }
    }

    @AfterAll
    static void clean() throws IOException {
        jllm.clean();
    }

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(jllm.archives())) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    /** The names of the classes that a run loads, each with where it comes from. */
    private static List<String> loaded(String engine, String... options) throws Exception {
        Path log = Files.createTempFile(folder, "classes", ".txt");
        String[] run = {Main.class.getName(), "run", "demo", "--engine", engine, QUESTION};
        String[] logging = {"-Xlog:class+load:file=" + log + ":none"};
        int status =
                jllm.java(Stream.of(logging, options, run).flatMap(Stream::of).toArray(String[]::new));
        assertThat(status).isZero();
        return Files.readAllLines(log);
    }

    private static boolean isUsable(Path file) throws Exception {
        String archive = "-XX:SharedArchiveFile=" + file;
        return jllm.java("-Xshare:on", "-XX:+VerifySharedSpaces", archive, Main.class.getName(), "--version") == 0;
    }

    @Test
    void theFirstAnswerMakesTheArchive() throws Exception {
        assertThat(first).isEqualTo(ANSWER);
        assertThat(archive.file().getFileName().toString()).startsWith(TestDistribution.BUILD + "-");
        assertThat(files(".tmp")).isEmpty();
        assertThat(isUsable(archive.file())).isTrue();
    }

    @Test
    void theNextStartsUseIt() throws Exception {
        assertThat(jllm.run("run", "demo", "--engine", "transformers", QUESTION))
                .isEqualTo(ANSWER);
        List<String> classes = loaded("transformers", "-XX:SharedArchiveFile=" + archive.file());
        assertThat(classes)
                .filteredOn(line -> line.startsWith("org.jllm.torch.LibTorch "))
                .allMatch(line -> line.contains("shared objects file"))
                .hasSize(1);
        assertThat(classes.stream().filter(line -> line.contains("shared objects file")))
                .hasSizeGreaterThan(classes.size() * 9 / 10);
    }

    @Test
    void anAnswerOnTransformersTouchesNoOtherEngine() throws Exception {
        assertThat(loaded("transformers"))
                .anyMatch(line -> line.startsWith("org.jllm.torch.LibTorch "))
                .noneMatch(line -> line.matches("(com\\.sun\\.jna|ai\\.onnxruntime|org\\.jllm\\.gguf\\.LlamaCpp)\\b.*"))
                .noneMatch(StartUpTest::isOfOtherCommands);
    }

    @Test
    void anAnswerOnGgufTouchesNoOtherEngine() throws Exception {
        assumeTrue(Main.class.getResource("/org/jllm/gguf/natives/natives.properties") != null, "built without npm");
        assertThat(loaded("gguf"))
                .anyMatch(line -> line.startsWith("org.jllm.gguf.LlamaCpp "))
                .noneMatch(line -> line.matches("(ai\\.djl|ai\\.onnxruntime|org\\.jllm\\.torch\\.LibTorch)\\b.*"))
                .noneMatch(StartUpTest::isOfOtherCommands);
    }

    private static boolean isOfOtherCommands(String line) {
        return line.matches("(io\\.javalin|org\\.eclipse\\.jetty|io\\.micrometer|org\\.jline|org\\.jllm\\.server"
                + "|org\\.jllm\\.cli\\.ServeCommand)\\b.*");
    }

    @Test
    void whatIsNoArchiveIsPassedOver() throws Exception {
        byte[] good = Files.readAllBytes(archive.file());
        Result version = new Result(0, "jllm " + Version.number() + "\n", "");
        byte[] otherJava = good.clone();
        String ident = System.getProperty("java.vm.version");
        int at = new String(good, 0, 4096, StandardCharsets.ISO_8859_1).indexOf(ident);
        assertThat(at).as("the archive names the Java that it is for").isPositive();
        otherJava[at]++;
        byte[] half = Arrays.copyOf(good, good.length / 2);
        byte[] damaged = good.clone();
        Arrays.fill(damaged, good.length / 3, good.length / 3 + 4096, (byte) 0x55);
        try {
            for (byte[] bad : List.of(new byte[0], new byte[5000], otherJava, half, damaged)) {
                replace(bad);
                assertThat(isUsable(archive.file())).isFalse();
                assertThat(jllm.run("--version")).isEqualTo(version);
            }
        } finally {
            replace(good);
        }
        assertThat(jllm.run("--version")).isEqualTo(version);
    }

    /** A new file, as the archive may be mapped. */
    private static void replace(byte[] content) throws IOException {
        Files.delete(archive.file());
        Files.write(archive.file(), content);
    }

    @Test
    void itIsMadeAnewWhereJavaCannotUseIt() throws Exception {
        replace(new byte[5000]);
        assertThat(jllm.java(ClassArchiveMain.class.getName(), archive.file().toString(), "transformers"))
                .isZero();
        assertThat(isUsable(archive.file())).isTrue();
        assertThat(files(".tmp")).isEmpty();
    }

    @Test
    void onlyOneProcessMakesIt() throws Exception {
        var before = Files.getLastModifiedTime(archive.file());
        try (FileChannel channel = FileChannel.open(archive.lock(), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(jllm.java(
                            ClassArchiveMain.class.getName(), archive.file().toString(), "gguf"))
                    .isZero();
        }
        assertThat(Files.getLastModifiedTime(archive.file())).isEqualTo(before);
        assertThat(files(".gguf.classes")).isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenChangesNothing() throws Exception {
        Path file = Files.createFile(folder.resolve("no folder"));
        assertThat(new ClassArchive(file.resolve("x/a.jsa")).makeFor("transformers"))
                .isEmpty();
        // What has its classes is not made again.
        assertThat(archive.makeFor("transformers")).isEmpty();
    }
}
