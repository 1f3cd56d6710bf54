package org.jllm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Ranking;
import org.jllm.api.Ranking.RankedDocument;
import org.jllm.corpus.TextRecord;
import org.jllm.corpus.TextSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rerank",
        description = "Sorts documents by how well they answer a query, the best first.",
        footer =
                "Without DOCUMENT, each line of standard input or --input is one. The score is the cosine of the vectors, or,"
                        + " of models such as JaColBERT, the sum over the query's tokens of the best match in the document.")
final class RerankCommand implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "QUERY")
    private String query = "";

    @Parameters(index = "2..*", paramLabel = "DOCUMENT", arity = "0..*")
    private List<String> documents = List.of();

    @Mixin
    private InputFlags input = new InputFlags();

    @Option(names = "--top", paramLabel = "N", description = "Show the best N only.")
    private int top = Integer.MAX_VALUE;

    @Option(names = "--json", description = "A JSON object for each document, with its index and line.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    RerankCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (top < 1) {
            throw new InvalidRequestException("--top must be at least 1, not " + top);
        }
        if (!documents.isEmpty() && input.areGiven()) {
            throw new InvalidRequestException("give either DOCUMENT or an input");
        }
        List<TextRecord> records = new ArrayList<>();
        boolean well = read(records);
        try (EmbeddingModel loaded = catalogue.jllm(console).loadEmbeddingModel(model, load.options())) {
            List<String> texts = records.stream().map(TextRecord::text).toList();
            Ranking ranking = loaded.reranker().rank(query, texts);
            warn(ranking, loaded, records);
            for (RankedDocument document :
                    ranking.documents().stream().limit(top).toList()) {
                print(document, records.get(document.index()));
            }
        }
        return well ? 0 : Main.FAILED;
    }

    /** @return whether all of them can be read; what cannot is told */
    private boolean read(List<TextRecord> records) throws IOException {
        boolean well = true;
        try (TextSource source = documents.isEmpty() ? input.open() : TextSource.of(documents)) {
            while (source.hasNext()) {
                TextRecord record = source.next();
                if (record.text() == null) {
                    console.error("line " + record.line() + ": " + record.problem());
                    well = false;
                } else {
                    records.add(record);
                }
            }
        }
        return well;
    }

    private void warn(Ranking ranking, EmbeddingModel loaded, List<TextRecord> records) {
        if (ranking.queryTruncated()) {
            console.note("warning: the query is longer than the model takes, and was cut");
        }
        ranking.documents().stream()
                .filter(RankedDocument::truncated)
                .mapToLong(document -> records.get(document.index()).line())
                .min()
                .ifPresent(line -> console.note("warning: documents longer than " + loaded.maxTokens()
                        + " tokens were cut to that; the first is line " + line));
    }

    private void print(RankedDocument document, TextRecord record) throws IOException {
        console.out()
                .println(
                        json
                                ? MAPPER.writeValueAsString(MAPPER.createObjectNode()
                                        .put("index", document.index())
                                        .put("line", record.line())
                                        .put("score", document.score())
                                        .put("text", record.text()))
                                : String.format(Locale.ROOT, "%.4f  %s", document.score(), record.text()));
    }
}
