package org.jllm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jllm.bench.Measurements;
import org.jllm.bench.Measurements.Loading;
import org.jllm.bench.Ratio;
import org.jllm.bench.Series;

/** A comparison as JSON. */
final class ComparisonDocument {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ComparisonDocument() {}

    static ObjectNode of(ComparisonFigures figures) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("model", figures.model());
        figures.machine().describe(document);
        document.put("parameters", figures.parameters());
        document.put("rounds", figures.rounds());
        document.put("loaded_together", figures.together());
        contestants(document.putArray("contestants"), figures);
        figures(document.putArray("figures"), figures.measurements());
        ratios(document.putArray("ratios"), figures.ratios());
        ArrayNode absent = document.putArray("left_out");
        for (ComparisonFigures.LeftOut left : figures.leftOut()) {
            absent.addObject().put("contestant", left.contestant()).put("reason", left.reason());
        }
        return document;
    }

    private static void contestants(ArrayNode entries, ComparisonFigures figures) {
        for (Loading loading : figures.measurements().loadings()) {
            ObjectNode entry = entries.addObject();
            entry.put("contestant", loading.contestant());
            entry.put("load_seconds", loading.seconds());
            entry.put("resident_before_bytes", loading.residentBefore());
            entry.put("resident_after_bytes", loading.residentAfter());
            figures.cosine(loading.contestant()).ifPresent(value -> entry.put("smallest_cosine_to_float32", value));
            figures.first()
                    .filter(loading::equals)
                    .ifPresent(first ->
                            entry.put("resident_beyond_600_mb_bytes_per_parameter", figures.bytesPerNumber(first)));
        }
    }

    private static void figures(ArrayNode entries, Measurements measurements) {
        for (Series series : measurements.series()) {
            ObjectNode entry = entries.addObject();
            put(entry, series);
            put(entry, measurements.median(series), measurements.rounds(series));
        }
    }

    private static void ratios(ArrayNode entries, List<Ratio> ratios) {
        for (Ratio ratio : ratios) {
            ObjectNode entry = entries.addObject().put("name", ratio.name());
            put(entry.putObject("figure"), ratio.figure());
            put(entry.putObject("reference"), ratio.reference());
            put(entry, ratio.median(), ratio.rounds());
        }
    }

    private static void put(ObjectNode node, Series series) {
        node.put("contestant", series.contestant());
        node.put("metric", series.metric().key());
        series.workload().counts().forEach(node::put);
    }

    private static void put(ObjectNode node, double median, List<Double> rounds) {
        node.put("median", median);
        rounds.forEach(node.putArray("rounds")::add);
    }
}
