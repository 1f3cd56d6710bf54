package org.jllm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jllm.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "tokenize", description = "Turns each line of standard input into token ids.")
final class TokenizeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Option(names = "--json", description = "A JSON object for each line, with the tokens by name.")
    private boolean json;

    @Option(names = "--no-special-tokens", description = "Leave out the tokens that the model's tokenizer adds.")
    private boolean bare;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    TokenizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (Tokenizer tokenizer = catalogue.jllm(console).loadTokenizer(model, load.options())) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int[] ids = tokenizer.encode(line, !bare);
                console.out().println(json ? mapper.writeValueAsString(row(line, ids, tokenizer, mapper)) : plain(ids));
                if (console.out().checkError()) {
                    return Main.FAILED;
                }
            }
        }
        return 0;
    }

    private static String plain(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static ObjectNode row(String line, int[] ids, Tokenizer tokenizer, ObjectMapper mapper) {
        ObjectNode row = mapper.createObjectNode().put("text", line);
        row.putPOJO("ids", ids);
        row.putPOJO("tokens", Arrays.stream(ids).mapToObj(tokenizer::token).toList());
        return row;
    }
}
