package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/jllm} of the distribution, with a script in the place of Java. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String FAKE_JAVA = """
            for argument; do last=$argument; printf 'argument %s\\n' "$argument"; done
            echo "LC_ALL ${LC_ALL:-unset}"
            echo "OPT_OUT_TRACKING $OPT_OUT_TRACKING"
            case $last in
                exit-*) exit "${last#exit-}" ;;
                cat) cat ;;
                wait)
                    trap 'echo got TERM; exit 99' TERM
                    trap 'echo got INT; exit 98' INT
                    echo ready
                    # A reader without a writer waits until the signal comes.
                    read -r line
                    exit 1 ;;
            esac
            """;

    @TempDir
    Path temp;

    private Path home;
    private Path launcher;
    private Path java;
    private Shell shell;

    @BeforeEach
    void install() throws Exception {
        home = temp.resolve("a folder with 空白/jllm-1");
        launcher = Shell.copy(Path.of("src/main/dist/bin/jllm"), home.resolve("bin/jllm"));
        java = temp.resolve("java home");
        Shell.script(java.resolve("bin/java"), FAKE_JAVA);
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"17.0.1\"\nOS_NAME=\"Linux\"\n");
        shell = new Shell(temp, temp.resolve("bin")).with("JAVA_HOME", java.toString());
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        var result = shell.run("", launcher, "run", "two words", "*", "", "日本語");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .containsSubsequence(
                        "argument --enable-native-access=ALL-UNNAMED",
                        "argument -Djllm.home=" + home,
                        "argument -Djllm.models=" + home + "/models.yaml",
                        "argument -cp",
                        "argument " + home + "/lib/*",
                        "argument org.jllm.cli.Main",
                        "argument run",
                        "argument two words",
                        "argument *",
                        "argument ",
                        "argument 日本語")
                .contains("argument -Dfile.encoding=UTF-8", "OPT_OUT_TRACKING true");
    }

    @Test
    void followsSymbolicLinks() throws Exception {
        Path absolute = Files.createSymbolicLink(temp.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(temp.resolve("relative"), Path.of("absolute"));
        Path folder = Files.createSymbolicLink(temp.resolve("folder"), home);
        for (Path link : new Path[] {absolute, relative, folder.resolve("bin/jllm")}) {
            assertThat(shell.run("", link).out()).contains("argument -Djllm.home=" + home + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"LANG, C", "LANG, POSIX", "LC_ALL, C", "LC_CTYPE, C", "LANG, ja_JP.eucJP", "UNUSED, x"})
    void localeBecomesUtf8(String name, String value) throws Exception {
        assumeTrue(OS.LINUX.isCurrentOs(), "the locale's name is that of Linux");
        assertThat(shell.with(name, value).run("", launcher).out()).contains("LC_ALL C.UTF-8\n");
    }

    @Test
    void localeThatIsUtf8Stays() throws Exception {
        assumeTrue(OS.LINUX.isCurrentOs(), "the locale's name is that of Linux");
        assertThat(shell.with("LANG", "C.UTF-8").run("", launcher).out()).contains("LC_ALL unset\n");
    }

    @Test
    void javaOptionsAreWordsAndComeLate() throws Exception {
        var result = shell.with("JLLM_JAVA_OPTIONS", "-Xmx1g  -Dx=*").run("", launcher);
        assertThat(result.out().lines())
                .containsSubsequence("argument -XX:+UseSerialGC", "argument -Xmx1g", "argument -Dx=*", "argument -cp");
    }

    /** A build that can have an archive of class data; its place. */
    private Path archive() throws Exception {
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"17.0.1\"\nJAVA_RUNTIME_VERSION=\"17.0.1+2-X\"\n");
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/build"), "abc\n");
        return Path.of(temp + "/cache/classes" + home, "abc-17.0.1+2-X.jsa");
    }

    @Test
    void theArchiveOfClassDataIsThatOfBuildAndFolderAndJava() throws Exception {
        Path archive = archive();
        shell.with("JLLM_CACHE", temp + "/cache");
        assertThat(shell.run("", launcher).out())
                .contains("argument -Djllm.archive=" + archive + "\n")
                .doesNotContain("SharedArchiveFile");
        Files.createDirectories(archive.getParent());
        Files.createFile(archive);
        assertThat(shell.run("", launcher).out())
                .contains("argument -Djllm.archive=" + archive + "\n")
                .contains("argument -XX:SharedArchiveFile=" + archive + "\n");
    }

    @Test
    void theArchiveIsInTheUsersCache() throws Exception {
        Path archive = archive();
        String tail = archive.toString().substring((temp + "/cache").length());
        shell.with("HOME", "/h");
        if (OS.LINUX.isCurrentOs()) {
            assertThat(shell.run("", launcher).out()).contains("argument -Djllm.archive=/h/.cache/jllm" + tail + "\n");
        }
        shell.with("XDG_CACHE_HOME", "/x");
        assertThat(shell.run("", launcher).out()).contains("argument -Djllm.archive=/x/jllm" + tail + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "JLLM_JAVA_OPTIONS, -Xmx1g",
        "HOME, ''",
        "JLLM_CACHE, /with:colon",
        "JLLM_CACHE, relative",
        "JLLM_CACHE, /a/../b"
    })
    void whereAnArchiveMightNotFitThereIsNone(String name, String value) throws Exception {
        archive();
        assertThat(shell.with(name, value).run("", launcher).out()).doesNotContain("jllm.archive");
    }

    @Test
    void withoutABuildOrAVersionThereIsNoArchive() throws Exception {
        archive();
        Files.writeString(home.resolve("lib/build"), "");
        assertThat(shell.run("", launcher)).satisfies(result -> {
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).doesNotContain("jllm.archive").contains("argument org.jllm.cli.Main\n");
        });
        archive();
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        assertThat(shell.run("", launcher).out()).doesNotContain("jllm.archive");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42})
    void exitStatusIsThatOfTheProgram(int status) throws Exception {
        assertThat(shell.run("", launcher, "exit-" + status).status()).isEqualTo(status);
    }

    @Test
    void standardInputIsThatOfTheProgram() throws Exception {
        assertThat(shell.run("一行\n", launcher, "cat").out()).endsWith("\n一行\n");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 99", "INT, 98"})
    void signalsReachTheProgram(String signal, int status) throws Exception {
        Path probe =
                Shell.script(temp.resolve("probe"), "trap 'exit 7' " + signal + "\nkill -" + signal + " $$\nexit 0\n");
        assumeTrue(shell.run("", probe).status() == 7, "SIG" + signal + " is ignored here");
        Process process = shell.start(launcher, "wait");
        try (BufferedReader out = process.inputReader()) {
            while (!"ready".equals(out.readLine())) {
                assertThat(process.isAlive()).isTrue();
            }
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(out.readLine()).isEqualTo("got " + signal);
            assertThat(process.waitFor()).isEqualTo(status);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_292", "11.0.2", "16"})
    void javaThatIsTooOldIsAnError(String version) throws Exception {
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        var result = shell.run("", launcher);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("jllm: Java " + version + " is too old (" + java
                        + "/bin/java): jllm needs 17 or newer; JAVA_HOME can name another\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "21.0.1", "25-ea"})
    void javaThatIsNewEnoughRuns(String version) throws Exception {
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        assertThat(shell.run("", launcher).status()).isZero();
    }

    @Test
    void javaWithoutReleaseFileIsAsked() throws Exception {
        Files.delete(java.resolve("release"));
        Shell.script(java.resolve("bin/java"), "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(shell.run("", launcher).err()).startsWith("jllm: Java 11.0.2 is too old");
    }

    @Test
    void wrongJavaHomeIsAnError() throws Exception {
        var result = shell.with("JAVA_HOME", "/no such").run("", launcher);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("jllm: JAVA_HOME is /no such, but there is no bin/java in it; correct or unset it\n");
    }

    @Test
    void javaOnThePathIsFoundThroughItsLinks() throws Exception {
        Path programs = Files.createDirectory(temp.resolve("bin"));
        Files.createSymbolicLink(programs.resolve("java"), java.resolve("bin/java"));
        shell.with("JAVA_HOME", "");
        assertThat(shell.run("", launcher).out()).contains("argument org.jllm.cli.Main\n");
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"11\"\n");
        assertThat(shell.run("", launcher).err()).startsWith("jllm: Java 11 is too old");
    }
}
