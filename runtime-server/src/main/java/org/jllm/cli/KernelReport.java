package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.KernelSpeed;
import org.jllm.generation.KernelSpeeds;
import org.jllm.machine.Machine;

/** Prints how fast kernels are: of one row the numbers of the matrix a second, of more the operations. */
final class KernelReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private KernelReport() {}

    static void print(PrintStream out, boolean json, BenchMachine machine, KernelSpeeds speeds)
            throws JsonProcessingException {
        if (json) {
            out.println(MAPPER.writeValueAsString(document(machine, speeds)));
            return;
        }
        out.printf(
                Locale.ROOT,
                "memory gives %.1f GB/s to %d %s; matrices of %d × %d, %s of each form%s%n",
                speeds.memoryGigabytesPerSecond(),
                speeds.threads(),
                speeds.threads() == 1 ? "thread" : "threads",
                speeds.outputs(),
                speeds.inputs(),
                ByteSize.format(speeds.bytes()),
                caches(speeds, Machine.lastLevelCacheBytes()));
        table(speeds).lines(0).forEach(out::println);
    }

    /** How that compares with what the processor keeps. */
    static String caches(KernelSpeeds speeds, OptionalLong largest) {
        if (largest.isEmpty()) {
            return "";
        }
        String size = ByteSize.format(largest.getAsLong());
        return speeds.bytes() > largest.getAsLong()
                ? ", more than the largest cache (" + size + ")"
                : ": the largest cache (" + size + ") holds all of it, so that one row is faster here than in a model";
    }

    private static Table table(KernelSpeeds speeds) {
        Map<String, List<KernelSpeed>> kernels = new LinkedHashMap<>();
        for (KernelSpeed speed : speeds.kernels()) {
            kernels.computeIfAbsent(speed.type() + "\n" + speed.library(), kernel -> new ArrayList<>())
                    .add(speed);
        }
        List<Integer> rows = speeds.kernels().stream()
                .map(KernelSpeed::rows)
                .distinct()
                .sorted()
                .toList();
        Table table =
                new Table(Stream.of(Stream.of("FORM", "KERNEL"), rows.stream().map(KernelReport::heading))
                        .flatMap(part -> part)
                        .toArray(String[]::new));
        kernels.forEach((kernel, figures) ->
                table.add(Stream.concat(kernel.lines(), rows.stream().map(count -> cell(figures, count, speeds)))
                        .toArray(String[]::new)));
        return table;
    }

    private static String heading(int rows) {
        return rows == 1 ? "1 ROW: G/S, GB/S, OF MEMORY'S" : rows + " ROWS: GFLOP/S";
    }

    private static String cell(List<KernelSpeed> figures, int rows, KernelSpeeds speeds) {
        return figures.stream()
                .filter(speed -> speed.rows() == rows)
                .map(speed -> rows == 1
                        ? String.format(
                                Locale.ROOT,
                                "%4.1f  %4.1f  %3.0f%%",
                                speed.gigaNumbersPerSecond(),
                                speed.gigabytesPerSecond(),
                                share(speed, speeds) * 100)
                        : String.format(Locale.ROOT, "%4.0f", speed.gigaflops()))
                .findFirst()
                .orElse("");
    }

    private static double share(KernelSpeed speed, KernelSpeeds speeds) {
        return speed.gigabytesPerSecond() / speeds.memoryGigabytesPerSecond();
    }

    private static ObjectNode document(BenchMachine machine, KernelSpeeds speeds) {
        ObjectNode document = MAPPER.createObjectNode();
        machine.describe(document);
        document.put("threads", speeds.threads());
        document.put("matrix_outputs", speeds.outputs());
        document.put("matrix_inputs", speeds.inputs());
        document.put("matrices_bytes", speeds.bytes());
        document.put("memory_gigabytes_per_second", speeds.memoryGigabytesPerSecond());
        ArrayNode entries = document.putArray("kernels");
        for (KernelSpeed speed : speeds.kernels()) {
            entries.addObject()
                    .put("type", speed.type())
                    .put("library", speed.library())
                    .put("rows", speed.rows())
                    .put("giga_numbers_per_second", speed.gigaNumbersPerSecond())
                    .put("gigabytes_per_second", speed.gigabytesPerSecond())
                    .put("share_of_memory", share(speed, speeds))
                    .put("gigaflops", speed.gigaflops());
        }
        return document;
    }
}
