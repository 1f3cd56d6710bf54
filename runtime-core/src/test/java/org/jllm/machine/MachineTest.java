package org.jllm.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void theLargestCacheIsKnownWhereTheSystemTells() {
        OptionalLong bytes = Machine.lastLevelCacheBytes();
        if (Files.isReadable(Path.of("/sys/devices/system/cpu/cpu0/cache/index0/size"))) {
            assertThat(bytes.orElseThrow()).isGreaterThanOrEqualTo(8 << 10).isLessThan(1L << 40);
        } else {
            assertThat(bytes).isEmpty();
        }
    }
}
