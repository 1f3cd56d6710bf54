package org.example;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jllm.api.LanguageModel;

/** Two threads ask one model; their texts are computed together. */
final class Sharing {
    private Sharing() {}

    static void run(LanguageModel model, PrintStream out) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<String>> questions = List.of(() -> model.ask("ls"), () -> model.ask("grep"));
            for (Future<String> answer : threads.invokeAll(questions)) {
                out.println("thread: " + answer.get());
            }
        } finally {
            threads.shutdown();
        }
    }
}
