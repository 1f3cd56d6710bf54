package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.generation.KernelSpeed;

/** Prints how fast kernels are: of one row the bytes of the matrix a second, of more the operations. */
final class KernelReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private KernelReport() {}

    static void print(PrintStream out, boolean json, List<KernelSpeed> speeds) throws JsonProcessingException {
        if (json) {
            out.println(MAPPER.writeValueAsString(entries(speeds)));
            return;
        }
        Map<String, List<KernelSpeed>> kernels = new LinkedHashMap<>();
        for (KernelSpeed speed : speeds) {
            kernels.merge(speed.type() + " " + speed.library(), List.of(speed), KernelReport::joined);
        }
        kernels.forEach((kernel, figures) -> out.printf(
                "%-38s %s%n", kernel, figures.stream().map(KernelReport::figure).collect(Collectors.joining(", "))));
    }

    private static List<KernelSpeed> joined(List<KernelSpeed> first, List<KernelSpeed> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static String figure(KernelSpeed speed) {
        return speed.rows() == 1
                ? String.format(Locale.ROOT, "1 row %5.1f GB/s", speed.gigabytesPerSecond())
                : String.format(Locale.ROOT, "%d rows %5.0f GFLOP/s", speed.rows(), speed.gigaflops());
    }

    private static ArrayNode entries(List<KernelSpeed> speeds) {
        ArrayNode entries = MAPPER.createArrayNode();
        for (KernelSpeed speed : speeds) {
            entries.addObject()
                    .put("type", speed.type())
                    .put("library", speed.library())
                    .put("rows", speed.rows())
                    .put("gigabytes_per_second", speed.gigabytesPerSecond())
                    .put("gigaflops", speed.gigaflops());
        }
        return entries;
    }
}
