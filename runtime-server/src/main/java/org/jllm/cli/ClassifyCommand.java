package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.TextClassifier;
import org.jllm.api.TextClassifier.Label;
import org.jllm.api.TextClassifier.LabelledToken;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "classify",
        description = "Labels a text, or its tokens, with an encoder that was trained for that.",
        footer = "Without TEXT, each line of standard input is one.")
final class ClassifyCommand implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name of 'jllm list' or a model's folder.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1")
    private @Nullable String text;

    @Parameters(
            index = "2",
            paramLabel = "SECOND",
            arity = "0..1",
            description = "A second text, for models that compare two.")
    private @Nullable String second;

    @Option(names = "--json", description = "A JSON object for each text, or for each token.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    ClassifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        try (TextClassifier classifier = catalogue.jllm(console).loadTextClassifier(model, load.options())) {
            if (second != null && classifier.labelsTokens()) {
                throw new InvalidRequestException(
                        classifier.name() + " labels the tokens of one text: leave the second text out");
            }
            Iterator<String> texts = TextArguments.orLines(text);
            while (texts.hasNext()) {
                String next = texts.next();
                if (classifier.labelsTokens()) {
                    printTokens(classifier.classifyTokens(next));
                } else {
                    print(next, classifier.classify(next, second));
                }
                if (console.out().checkError()) {
                    return Main.FAILED;
                }
            }
        }
        return 0;
    }

    private void print(String given, List<Label> labels) throws JsonProcessingException {
        if (json) {
            console.out().println(row("text", given, labels));
            return;
        }
        labels.forEach(label -> console.out().println(number(label) + "  " + label.name()));
    }

    private void printTokens(List<LabelledToken> tokens) throws JsonProcessingException {
        Table table = new Table("TOKEN", "LABEL", "SCORE");
        for (LabelledToken token : tokens) {
            if (json) {
                console.out().println(row("token", token.token(), token.labels()));
            }
            Label best = token.labels().get(0);
            table.add(token.token(), best.name(), number(best));
        }
        if (!json) {
            table.lines(0).forEach(console.out()::println);
        }
    }

    private static String number(Label label) {
        return String.format(Locale.ROOT, "%.4f", label.score());
    }

    private static String row(String key, String value, List<Label> labels) throws JsonProcessingException {
        ObjectNode row = MAPPER.createObjectNode().put(key, value);
        ArrayNode list = row.putArray("labels");
        labels.forEach(label -> list.addObject().put("label", label.name()).put("score", label.score()));
        return MAPPER.writeValueAsString(row);
    }
}
