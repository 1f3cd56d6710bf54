package org.example;

import java.io.PrintStream;
import java.util.List;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.Message;
import org.jllm.api.Prompt;

/** Reads the text at its own pace; the model goes on meanwhile. */
final class Streaming {
    private Streaming() {}

    static void run(LanguageModel model, PrintStream out) {
        Prompt chat = new Prompt.Chat(List.of(Message.user("ディレクトリを作成するコマンドは何ですか？")));
        GenerationOptions options = GenerationOptions.builder().maxTokens(50).build();
        try (GenerationStream stream = model.stream(GenerationRequest.of(chat, options))) {
            out.print("stream: ");
            while (stream.hasNext()) {
                out.print(stream.next().text());
            }
            out.println();
            GenerationResult result = stream.result();
            out.println("stream ended: " + result.finishReason() + ", " + result.promptTokens() + " prompt tokens, "
                    + result.completionTokens() + " generated");
        }
    }
}
