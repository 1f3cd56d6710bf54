package org.example;

import java.io.PrintStream;
import org.jllm.api.GenerationOptions;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;

/** Hears of each part of the text as it comes, on the thread that asked. */
final class Callback {
    private Callback() {}

    static void run(LanguageModel model, PrintStream out) {
        out.print("callback: ");
        model.generate(Prompt.question("ls は何をするコマンドですか？"), GenerationOptions.none(), text -> {
            out.print(text);
            return true; // false would cancel it
        });
        out.println();
    }
}
