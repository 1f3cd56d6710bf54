package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./jllm} of the sources, with scripts in the place of Maven and of the program. */
@EnabledOnOs(OS.LINUX)
class BuildLauncherTest {
    private static final String FAKE_MAVEN = """
            echo "run $*" >>runs
            cat >stdin-of-maven
            mkdir -p target/half-done
            case ${MODE:-} in
                fail) echo '[ERROR] does not compile'; exit 1 ;;
                gate) echo started >started; read -r line <gate ;;
            esac
            mkdir -p target/jllm-1.2.3/bin
            cp program target/jllm-1.2.3/bin/jllm
            : >target/jllm-1.2.3/.complete
            """;

    @TempDir
    Path temp;

    private Path root;
    private Path launcher;
    private Shell shell;

    @BeforeEach
    void checkOut() throws Exception {
        root = temp.resolve("clone with 空白");
        launcher = Shell.copy(Path.of("../jllm"), root.resolve("jllm"));
        Files.writeString(
                root.resolve("pom.xml"),
                "<?xml version=\"1.0\"?>\n<project>\n  <version>1.2.3</version>\n  <x><version>9</version></x>\n</project>\n");
        Files.writeString(root.resolve("models.yaml"), "");
        Files.createDirectories(root.resolve("runtime-x/src/main/java"));
        Files.writeString(root.resolve("runtime-x/pom.xml"), "");
        Files.writeString(root.resolve("runtime-x/src/main/java/A.java"), "");
        Shell.script(root.resolve("program"), "echo \"program $*\"\ncat\nexit 42\n");
        Shell.script(temp.resolve("bin/mvn"), FAKE_MAVEN);
        shell = new Shell(temp, temp.resolve("bin"));
    }

    private long builds() throws Exception {
        try (var lines = Files.lines(root.resolve("runs"))) {
            return lines.count();
        }
    }

    @Test
    void buildsOnFirstUseThenRuns() throws Exception {
        var first = shell.run("input\n", launcher, "run", "demo");
        assertThat(first)
                .isEqualTo(new Shell.Result(
                        42, "program run demo\ninput\n", "jllm: building, this takes a minute the first time …\n"));
        assertThat(root.resolve("stdin-of-maven")).isEmptyFile();
        assertThat(root.resolve("runs")).content().contains("package").contains("-Djllm.archive.skip=true");
        assertThat(shell.run("", launcher, "x")).isEqualTo(new Shell.Result(42, "program x\n", ""));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void worksThroughALinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("clone with 空白/jllm"));
        assertThat(shell.run("", link, "x").out()).isEqualTo("program x\n");
    }

    @Test
    void buildsAgainAfterEveryKindOfChange() throws Exception {
        shell.run("", launcher);
        assertThat(builds()).isEqualTo(1);
        List<String> sources = List.of("pom.xml", "models.yaml", "runtime-x/pom.xml", "runtime-x/src/main/java/A.java");
        for (String changed : sources) {
            ageEverything();
            Files.writeString(root.resolve(changed), "<version>1.2.3</version>");
            assertBuilds(changed);
        }
        ageEverything();
        Files.createFile(root.resolve("runtime-x/src/main/java/B.java"));
        assertBuilds("a new file");
        ageEverything();
        Files.delete(root.resolve("runtime-x/src/main/java/B.java"));
        assertBuilds("a deleted file");
    }

    private void assertBuilds(String why) throws Exception {
        long before = builds();
        assertThat(shell.run("", launcher).status()).isEqualTo(42);
        assertThat(builds()).as(why).isEqualTo(before + 1);
    }

    /** File systems count time in steps that are longer than a build here. */
    private void ageEverything() throws Exception {
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            }
        }
        Files.setLastModifiedTime(root.resolve("target/jllm-1.2.3/.complete"), FileTime.fromMillis(1000));
        long before = builds();
        shell.run("", launcher);
        assertThat(builds()).as("nothing changed").isEqualTo(before);
    }

    @Test
    void buildThatFailsShowsItsErrors() throws Exception {
        var result = shell.with("MODE", "fail").run("", launcher, "x");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("[ERROR] does not compile\n")
                .endsWith("jllm: the build failed (see " + root + "/target/build.log); it needs a JDK from 17 on and, "
                        + "the first time, the network\n");
        assertThat(shell.with("MODE", "").run("", launcher).status()).isEqualTo(42);
    }

    @Test
    void missingMavenIsSaid() throws Exception {
        Files.delete(temp.resolve("bin/mvn"));
        Path tools = Files.createDirectory(temp.resolve("tools"));
        for (String tool : new String[] {"sed", "head", "find", "dirname", "flock", "readlink"}) {
            Shell.script(tools.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        var result = shell.with("PATH", tools.toString()).run("", launcher);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("jllm: building needs Maven: install it");
    }

    @Test
    void twoFirstUsesBuildOnce() throws Exception {
        fifo("started");
        fifo("gate");
        shell.with("MODE", "gate");
        Process first = shell.start(launcher, "1");
        first.getOutputStream().close();
        assertThat(Files.readString(root.resolve("started"))).isEqualTo("started\n");
        Process second = shell.start(launcher, "2");
        second.getOutputStream().close();
        try (BufferedReader err = second.errorReader()) {
            assertThat(err.readLine()).isEqualTo("jllm: waiting for another build to end …");
            Files.writeString(root.resolve("gate"), "go\n");
            assertThat(Shell.finish(first).out()).isEqualTo("program 1\n");
            assertThat(err.readLine()).isNull();
            assertThat(second.waitFor()).isEqualTo(42);
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void interruptedBuildStopsMavenAndIsMadeAnew() throws Exception {
        fifo("started");
        fifo("gate");
        Process first = shell.with("MODE", "gate").start(launcher);
        assertThat(Files.readString(root.resolve("started"))).isEqualTo("started\n");
        first.toHandle().destroy();
        var result = Shell.finish(first);
        assertThat(result.status()).isEqualTo(143);
        assertThat(result.err()).endsWith("jllm: build interrupted\n");
        Files.createDirectories(root.resolve("runtime-x/target/classes"));

        // The lock is free only if Maven has ended, too.
        assertThat(shell.with("MODE", "").run("", launcher).err())
                .isEqualTo("jllm: building, this takes a minute the first time …\n");
        assertThat(root.resolve("runtime-x/target")).doesNotExist();
        assertThat(root.resolve("target/build.running")).doesNotExist();
        assertThat(builds()).isEqualTo(2);
    }

    private void fifo(String name) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root.resolve(name).toString())
                        .start()
                        .waitFor())
                .isZero();
    }
}
