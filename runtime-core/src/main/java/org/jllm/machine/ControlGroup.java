package org.jllm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The memory that Linux allows a group of processes, such as a container: control groups of version 2, and of 1. */
final class ControlGroup {
    private final Path processGroups;
    private final Path root;

    /**
     * @param processGroups the file that names the groups of this process
     * @param root where the groups are mounted
     */
    ControlGroup(Path processGroups, Path root) {
        this.processGroups = processGroups;
        this.root = root;
    }

    /** A number of a group, in the files of the second version of control groups or of the first. */
    private interface Figure {
        OptionalLong of(Path group, boolean unified);
    }

    static ControlGroup ofProcess() {
        return new ControlGroup(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
    }

    /** What the process can still have: the least of its group and all groups around it; empty without any limit. */
    OptionalLong availableBytes() {
        return least(ControlGroup::available);
    }

    /** What the process can have at most, whether it is used or not; empty without any limit. */
    OptionalLong limitBytes() {
        return least(ControlGroup::limit);
    }

    private OptionalLong least(Figure figure) {
        OptionalLong least = OptionalLong.empty();
        for (String line : lines(processGroups)) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            boolean unified = fields[1].isEmpty();
            if (unified || List.of(fields[1].split(",")).contains("memory")) {
                Path mount = unified ? root : root.resolve("memory");
                for (Path group = mount.resolve(fields[2].substring(1)).normalize();
                        group != null && group.startsWith(mount);
                        group = group.getParent()) {
                    least = lesser(least, figure.of(group, unified));
                }
            }
        }
        return least;
    }

    private static OptionalLong limit(Path group, boolean unified) {
        return number(group.resolve(unified ? "memory.max" : "memory.limit_in_bytes"));
    }

    /** The limit less what is used; pages of files count as free, since the system can drop them. */
    private static OptionalLong available(Path group, boolean unified) {
        OptionalLong limit = limit(group, unified);
        OptionalLong used = number(group.resolve(unified ? "memory.current" : "memory.usage_in_bytes"));
        if (limit.isEmpty() || used.isEmpty()) {
            return OptionalLong.empty();
        }
        Path statistics = group.resolve("memory.stat");
        String prefix = unified ? "" : "total_";
        long files = statistic(statistics, prefix + "inactive_file") + statistic(statistics, prefix + "active_file");
        return OptionalLong.of(Math.max(0, limit.getAsLong() - Math.max(0, used.getAsLong() - files)));
    }

    private static OptionalLong lesser(OptionalLong a, OptionalLong b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()));
    }

    private static long statistic(Path file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(line -> line.substring(name.length() + 1))
                .flatMap(ControlGroup::parse)
                .orElse(0L);
    }

    private static OptionalLong number(Path file) {
        Optional<Long> value = lines(file).stream().findFirst().flatMap(ControlGroup::parse);
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    /** Empty for {@code max}, which is no limit. */
    private static Optional<Long> parse(String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
