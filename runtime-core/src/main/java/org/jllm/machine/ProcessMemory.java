package org.jllm.machine;

/**
 * Memory of this process in bytes; 0 where the system does not tell.
 *
 * @param resident what it has in memory now, mapped files included
 * @param peak the most that it ever had there
 * @param anonymous the part that is its own, without mapped files
 */
public record ProcessMemory(long resident, long peak, long anonymous) {
    private static final String STATUS = "/proc/self/status";

    public static ProcessMemory now() {
        return new ProcessMemory(
                LinuxFile.bytes(STATUS, "VmRSS").orElse(0),
                LinuxFile.bytes(STATUS, "VmHWM").orElse(0),
                LinuxFile.bytes(STATUS, "RssAnon").orElse(0));
    }
}
