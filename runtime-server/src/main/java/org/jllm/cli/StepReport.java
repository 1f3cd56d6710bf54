package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jllm.bench.StepBenchmark;
import org.jllm.bench.StepPart;

/** Prints what the time of a step goes to. */
final class StepReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private StepReport() {}

    static void print(
            PrintStream out, boolean json, String model, BenchMachine machine, List<StepBenchmark.Figures> all)
            throws JsonProcessingException {
        if (json) {
            ObjectNode node = MAPPER.createObjectNode().put("model", model);
            machine.describe(node);
            all.forEach(figures -> write(figures, node.withArray("steps").addObject()));
            out.println(MAPPER.writeValueAsString(node));
            return;
        }
        for (StepBenchmark.Figures figures : all) {
            String streams = figures.streams() + (figures.streams() == 1 ? " stream" : " streams");
            row(out, streams, figures.wholeMicros(), "a step, " + figures.steps() + " measured");
            for (StepPart part : StepPart.values()) {
                row(out, "  " + part.title(), figures.micros(part), percent(figures.micros(part), figures));
            }
            double outside = figures.wholeMicros() - figures.micros(StepPart.NATIVE);
            row(out, "  outside native", outside, percent(outside, figures));
        }
    }

    private static String percent(double micros, StepBenchmark.Figures figures) {
        return String.format(Locale.ROOT, "%6.2f %%", 100 * micros / figures.wholeMicros());
    }

    private static void row(PrintStream out, String name, double micros, String remark) {
        out.printf("%-18s %s  %s%n", name, String.format(Locale.ROOT, "%10.3f ms", micros / 1e3), remark);
    }

    private static void write(StepBenchmark.Figures figures, ObjectNode node) {
        node.put("streams", figures.streams());
        node.put("steps", figures.steps());
        node.put("step_ms", figures.wholeMicros() / 1e3);
        for (StepPart part : StepPart.values()) {
            node.put(part.name().toLowerCase(Locale.ROOT) + "_ms", figures.micros(part) / 1e3);
        }
        node.put("outside_native_share", figures.outsideShare());
    }
}
