package org.jllm.torch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What this machine has, as far as defaults depend on it. */
final class Machine {
    private Machine() {}

    /** Memory of the machine or of the container that the process runs in. */
    static long memoryBytes() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            return system.getTotalMemorySize();
        }
        return Runtime.getRuntime().maxMemory();
    }

    /**
     * Cores to compute with: two hardware threads of one core share its multiplication units, so a second thread only
     * gets in the way. Never more than the processors that the process may use.
     */
    static int physicalCores() {
        int available = Runtime.getRuntime().availableProcessors();
        Set<String> cores = new HashSet<>();
        Path processors = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(processors)) {
            return available;
        }
        try {
            String socket = "";
            for (String line : Files.readAllLines(processors)) {
                if (line.startsWith("physical id")) {
                    socket = line;
                } else if (line.startsWith("core id")) {
                    cores.add(socket + line);
                }
            }
        } catch (IOException e) {
            return available;
        }
        return cores.isEmpty() ? available : Math.min(available, cores.size());
    }
}
