package org.jllm.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
    @TempDir
    Path root;

    private ControlGroup group(String processGroups) throws IOException {
        return new ControlGroup(Files.writeString(root.resolve("cgroup"), processGroups), root);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    @Test
    void theTightestGroupAroundTheProcessCounts() throws IOException {
        write("a/memory.max", "1000");
        write("a/memory.current", "300");
        write("a/memory.stat", "anon 50\ninactive_file 200\nactive_file 50");
        write("a/b/memory.max", "max");
        write("a/b/memory.current", "10");
        assertThat(group("0::/a/b\n").availableBytes()).hasValue(950);
        write("a/b/memory.max", "900");
        assertThat(group("0::/a/b\n").availableBytes()).hasValue(890);
        assertThat(group("0::/a/b\n").limitBytes()).hasValue(900);
        assertThat(group("0::/a\n").limitBytes()).hasValue(1000);
    }

    @Test
    void theFirstVersionIsReadToo() throws IOException {
        write("memory/docker/memory.limit_in_bytes", "1000");
        write("memory/docker/memory.usage_in_bytes", "400");
        write("memory/docker/memory.stat", "cache 1\ntotal_inactive_file 100\ntotal_active_file 0");
        write("memory/memory.limit_in_bytes", "9223372036854771712");
        assertThat(group("7:cpu,cpuacct:/x\n5:memory:/docker\n").availableBytes())
                .hasValue(700);
        assertThat(group("5:memory:/docker\n").limitBytes()).hasValue(1000);
    }

    @Test
    void theMemoryIsThatOfTheMachineOrItsLimit() {
        assertThat(Machine.memoryBytes()).isBetween(64L << 20, 1L << 50);
        assertThat(Machine.availableBytes().orElse(0)).isLessThanOrEqualTo(Machine.memoryBytes());
    }

    @Test
    void withoutLimitsNothingIsSaid() throws IOException {
        assertThat(group("0::/\n").availableBytes()).isEmpty();
        assertThat(group("0::/\n").limitBytes()).isEmpty();
        assertThat(group("strange\n").availableBytes()).isEmpty();
        write("memory.max", "1000");
        write("memory.current", "2000");
        assertThat(group("0::/\n").availableBytes()).hasValue(0);
        assertThat(new ControlGroup(root.resolve("missing"), root).availableBytes())
                .isEmpty();
    }
}
