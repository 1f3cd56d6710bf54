package org.example;

import java.io.PrintStream;
import java.time.Duration;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;

/** Ends a text early: any thread may cancel, closing the stream cancels, and a deadline does it by itself. */
final class Cancelling {
    private Cancelling() {}

    static void run(LanguageModel model, PrintStream out) {
        // Left alone, demo goes on counting until its context is full.
        GenerationRequest request =
                GenerationRequest.of(new Prompt.Text("1. ")).withDeadline(Duration.ofMinutes(5));
        try (GenerationStream stream = model.stream(request)) {
            stream.next();
            stream.cancel();
            out.println("cancelled: " + stream.result().finishReason());
        }
    }
}
