package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jllm.api.MaskedLanguageModel;
import org.jllm.api.MaskedLanguageModel.Filling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fill",
        description = "Fills the gaps of a text with an encoder: [MASK] stands for a gap.",
        footer = "Without TEXT, each line of standard input is one.")
final class FillCommand implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name of 'jllm list' or a model's folder.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1", description = "Such as '日本の首都は[MASK]です。'.")
    private @Nullable String text;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            defaultValue = "5",
            description = "Fillings of each gap, likeliest first. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(names = "--json", description = "A JSON object for each filling.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    FillCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        try (MaskedLanguageModel filler = catalogue.jllm(console).loadMaskedLanguageModel(model, load.options())) {
            Iterator<String> texts = TextArguments.orLines(text);
            while (texts.hasNext()) {
                print(filler.fill(texts.next(), count));
                if (console.out().checkError()) {
                    return Main.FAILED;
                }
            }
        }
        return 0;
    }

    private void print(List<List<Filling>> gaps) throws JsonProcessingException {
        for (int gap = 0; gap < gaps.size(); gap++) {
            if (!json && gaps.size() > 1) {
                console.out().println("gap " + (gap + 1));
            }
            for (Filling filling : gaps.get(gap)) {
                console.out().println(json ? row(gap, filling) : line(filling));
            }
        }
    }

    private static String line(Filling filling) {
        return String.format(Locale.ROOT, "%.4f  %s  %s", filling.probability(), filling.token(), filling.text());
    }

    private static String row(int gap, Filling filling) throws JsonProcessingException {
        ObjectNode row = MAPPER.createObjectNode()
                .put("gap", gap)
                .put("probability", filling.probability())
                .put("id", filling.id())
                .put("token", filling.token())
                .put("text", filling.text());
        return MAPPER.writeValueAsString(row);
    }
}
