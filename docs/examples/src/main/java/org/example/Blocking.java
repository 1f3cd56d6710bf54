package org.example;

import java.io.PrintStream;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationResult;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;

/** Waits for the whole text. */
final class Blocking {
    private Blocking() {}

    static void run(LanguageModel model, PrintStream out) {
        out.println("ask: " + model.ask("grep は何をするコマンドですか？"));

        GenerationOptions options =
                GenerationOptions.builder().temperature(0).stop("ため").maxTokens(50).build();
        GenerationResult result = model.generate(Prompt.question("mkdir"), options);
        out.println("generate: " + result.text() + " (" + result.finishReason() + ")");
    }
}
