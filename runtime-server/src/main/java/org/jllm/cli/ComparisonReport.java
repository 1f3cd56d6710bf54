package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jllm.bench.Measurements.Loading;
import org.jllm.bench.Metric;
import org.jllm.bench.Ratio;
import org.jllm.bench.Series;
import org.jllm.bench.Workload.Sentences;
import org.jllm.bench.Workload.Texts;
import org.jllm.catalogue.ByteSize;

/** Prints a comparison: what each contestant did, and the ratios. */
record ComparisonReport(PrintStream out, ComparisonFigures figures) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    void print(boolean json) throws JsonProcessingException {
        if (json) {
            out.println(MAPPER.writeValueAsString(ComparisonDocument.of(figures)));
            return;
        }
        int threads = figures.machine().threads();
        out.printf(
                Locale.ROOT,
                "%s: %,d numbers; %d %s; %s a second, the median of %d %s%n%n",
                figures.model(),
                figures.parameters(),
                threads,
                threads == 1 ? "thread" : "threads",
                figures.vectors().isEmpty() ? "tokens" : "sentences",
                figures.rounds(),
                figures.rounds() == 1 ? "round" : "rounds");
        speeds().lines(0).forEach(out::println);
        out.println();
        if (!figures.ratios().isEmpty()) {
            ratios().lines(0).forEach(out::println);
            out.println();
        }
        notes();
    }

    private void notes() {
        figures.first().ifPresent(first -> {
            double bytes = figures.bytesPerNumber(first);
            out.printf("%s alone: %s in memory", first.contestant(), ByteSize.format(first.residentAfter()));
            if (bytes > 0) {
                out.printf(Locale.ROOT, "; beyond 600 MB that is %.2f bytes for each number", bytes);
            }
            out.println();
        });
        if (!figures.together()) {
            out.println("each contestant was loaded afresh for its turn: there is no memory for all of them at once");
        }
        figures.leftOut().forEach(left -> out.println("left out: " + left.contestant() + ": " + left.reason()));
    }

    private Table ratios() {
        Table table = new Table("RATIO", "MEDIAN", "ROUND BY ROUND");
        for (Ratio ratio : figures.ratios()) {
            table.add(
                    ratio.name(),
                    times(ratio.median()),
                    ratio.rounds().stream().map(ComparisonReport::times).collect(Collectors.joining("  ")));
        }
        return table;
    }

    private Table speeds() {
        String one = figures.contestants().get(0).name();
        List<Series> columns = figures.measurements().series().stream()
                .filter(series -> series.contestant().equals(one) && isShown(series))
                .toList();
        boolean vectors = !figures.vectors().isEmpty();
        List<String> headings = new ArrayList<>(List.of("CONTESTANT", "LOADED IN", "TAKES"));
        columns.forEach(column -> headings.add(heading(column)));
        if (vectors) {
            headings.add("COSINE TO FLOAT32");
        }
        Table table = new Table(headings.toArray(String[]::new));
        for (Loading loading : figures.measurements().loadings()) {
            List<String> cells = new ArrayList<>(List.of(
                    loading.contestant(), String.format(Locale.ROOT, "%.1f s", loading.seconds()), taken(loading)));
            for (Series column : columns) {
                cells.add(number(figures.measurements()
                        .median(new Series(loading.contestant(), column.workload(), column.metric()))));
            }
            if (vectors) {
                OptionalDouble cosine = figures.cosine(loading.contestant());
                cells.add(cosine.isEmpty() ? "" : String.format(Locale.ROOT, "%.6f", cosine.getAsDouble()));
            }
            table.add(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String taken(Loading loading) {
        long bytes = loading.residentAfter() - loading.residentBefore();
        return bytes > 0 ? ByteSize.format(bytes) : "";
    }

    /** One text gives no more together than alone. */
    private static boolean isShown(Series series) {
        return !(series.workload() instanceof Texts texts
                && texts.streams() == 1
                && series.metric() == Metric.TOGETHER_TOKENS_PER_SECOND);
    }

    private static String heading(Series series) {
        if (series.workload() instanceof Sentences sentences) {
            return "SENTENCES/S, " + sentences.batch() + " AT A TIME";
        }
        Texts texts = (Texts) series.workload();
        return switch (series.metric()) {
            case PREFILL_TOKENS_PER_SECOND -> "PREFILL " + texts.promptTokens();
            case DECODE_TOKENS_PER_SECOND -> "DECODE AFTER " + texts.promptTokens();
            default -> texts.streams() + " STREAMS";
        };
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f ×", ratio);
    }
}
