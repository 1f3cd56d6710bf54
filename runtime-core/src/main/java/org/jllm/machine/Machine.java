package org.jllm.machine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** The machine, or the container that the process runs in. */
public final class Machine {
    private static final String PROCESSORS = "/proc/cpuinfo";

    /** Instruction sets that decide how fast matrix products are. */
    private static final List<String> NOTABLE = List.of(
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512_vnni",
            "avx_vnni",
            "avx512_bf16",
            "avx512_fp16",
            "amx_int8",
            "amx_bf16",
            "asimd",
            "asimddp",
            "bf16",
            "i8mm",
            "sve");

    private static final int MOST_CACHES = 10;

    private Machine() {}

    /** Bytes of memory, or the limit of the container. */
    public static long memoryBytes() {
        OptionalLong machine = LinuxFile.bytes("/proc/meminfo", "MemTotal");
        if (machine.isPresent()) {
            return Math.min(
                    machine.getAsLong(), ControlGroup.ofProcess().limitBytes().orElse(Long.MAX_VALUE));
        }
        // Elsewhere Java knows, whose classes for that take a while to load.
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            return system.getTotalMemorySize();
        }
        return Runtime.getRuntime().maxMemory();
    }

    /**
     * Bytes of memory that this process can still have, within the limits of its container, caches of files counted as
     * free; empty where that is not known.
     */
    public static OptionalLong availableBytes() {
        OptionalLong machine = LinuxFile.bytes("/proc/meminfo", "MemAvailable");
        OptionalLong container = ControlGroup.ofProcess().availableBytes();
        if (machine.isEmpty() || container.isEmpty()) {
            return machine;
        }
        return OptionalLong.of(Math.min(machine.getAsLong(), container.getAsLong()));
    }

    /** The processor's name, as far as it tells. */
    public static String processor() {
        return LinuxFile.value(PROCESSORS, "model name").orElse(System.getProperty("os.arch", ""));
    }

    /** Those of the notable instruction sets that the processor has; empty where that is not known. */
    public static List<String> instructionSets() {
        Set<String> flags = new HashSet<>(List.of(LinuxFile.value(PROCESSORS, "flags")
                .or(() -> LinuxFile.value(PROCESSORS, "Features"))
                .orElse("")
                .split("\\s+")));
        return NOTABLE.stream().filter(flags::contains).toList();
    }

    /** Bytes of the largest cache of the processor; empty where that is not known. */
    public static OptionalLong lastLevelCacheBytes() {
        return IntStream.range(0, MOST_CACHES)
                .mapToObj(i -> LinuxFile.lines("/sys/devices/system/cpu/cpu0/cache/index" + i + "/size"))
                .flatMap(List::stream)
                .filter(size -> size.matches("\\d{1,12}K"))
                .mapToLong(size -> Long.parseLong(size.substring(0, size.length() - 1)) * 1024)
                .max();
    }

    /**
     * Cores to compute with: two hardware threads of one core share its multiplication units, so a second thread only
     * gets in the way. Never more than the processors that the process may use.
     */
    public static int physicalCores() {
        int available = Runtime.getRuntime().availableProcessors();
        Set<String> cores = new HashSet<>();
        String socket = "";
        for (String line : LinuxFile.lines(PROCESSORS)) {
            if (line.startsWith("physical id")) {
                socket = line;
            } else if (line.startsWith("core id")) {
                cores.add(socket + line);
            }
        }
        return cores.isEmpty() ? available : Math.min(available, cores.size());
    }
}
