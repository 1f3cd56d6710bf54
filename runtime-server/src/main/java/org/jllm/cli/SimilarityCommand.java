package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jllm.api.TextSimilarity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "similarity",
        description = "Tells how alike a text is to others, -1 to 1: the cosine of their vectors.",
        footer = "The vectors are those that 'jllm embed' gives.")
final class SimilarityCommand implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name of 'jllm list' or a model's folder.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "TEXT")
    private String text = "";

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "OTHER",
            description = "One or more texts, a line for each.")
    private List<String> others = List.of();

    @Option(names = "--json", description = "A JSON object for each.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    SimilarityCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        try (TextSimilarity similarity = catalogue.jllm(console).loadTextSimilarity(model, load.options())) {
            List<Double> results = similarity.similarities(text, others);
            for (int i = 0; i < others.size(); i++) {
                console.out().println(json ? row(others.get(i), results.get(i)) : line(others.get(i), results.get(i)));
            }
        }
        return 0;
    }

    private String line(String other, double value) {
        String number = String.format(Locale.ROOT, "%.4f", value);
        return others.size() == 1 ? number : number + "  " + other;
    }

    private static String row(String other, double value) throws JsonProcessingException {
        return MAPPER.writeValueAsString(
                MAPPER.createObjectNode().put("text", other).put("similarity", value));
    }
}
