package org.jllm.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationResult;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LanguageModel;
import org.jllm.api.Message;
import org.jllm.api.Prompt;
import org.jllm.chat.Chat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Chats with a model, or answers one prompt; a base model continues texts.",
        footer = "Without PROMPT it is a chat at a terminal; else standard input is the prompt.")
final class RunCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "PROMPT", arity = "0..1", description = "The question.")
    private @Nullable String prompt;

    @Option(
            names = {"-i", "--interactive"},
            description = "Chat also where standard input is no terminal: each line is a message.")
    private boolean interactive;

    @Option(names = "--system", paramLabel = "TEXT", description = "The system message.")
    private @Nullable String system;

    @Option(names = "--stats", description = "Tell the speed on standard error.")
    private boolean stats;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    @Mixin
    private GenerationFlags generation = new GenerationFlags();

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Jllm jllm = catalogue.jllm(console);
        GenerationOptions options = generation.options();
        if (interactive && prompt != null) {
            throw generation.usageError("give either PROMPT or --interactive");
        }
        int code = interactive || (prompt == null && Terminal.isTypedInto()) ? chat(jllm) : answer(jllm, options);
        if (code == 0) {
            ClassArchive.ofProcess().ifPresent(archive -> archive.makeFor(jllm.engine(model, load.options())));
        }
        return code;
    }

    private int answer(Jllm jllm, GenerationOptions options) throws IOException {
        String question = prompt != null ? prompt : readPrompt();
        try (LanguageModel loaded = load(jllm)) {
            PrintStream out = console.out();
            GenerationResult result = loaded.generate(request(loaded, jllm, question), options, text -> {
                out.print(text);
                return !out.checkError(); // flushes; true when the reader has gone
            });
            out.println();
            if (stats) {
                console.note(summary(result));
            }
        }
        return 0;
    }

    private LanguageModel load(Jllm jllm) {
        try (LoadProgress progress = LoadProgress.on(console, "loading")) {
            return jllm.load(model, load.options(), progress);
        }
    }

    private int chat(Jllm jllm) throws IOException {
        try (LanguageModel loaded = load(jllm)) {
            Chat chat = new Chat(loaded, instruction(loaded, jllm), generation.chatSettings());
            if (Terminal.isInteractive() && chat.atTerminal()) {
                return 0;
            }
            boolean person = Terminal.isTypedInto();
            boolean well = chat.through(System.in, console.out(), console.err(), person, stats);
            return well || person ? 0 : Main.FAILED;
        }
    }

    private @Nullable String instruction(LanguageModel loaded, Jllm jllm) {
        if (loaded.template().isEmpty() && system != null) {
            throw new InvalidRequestException(
                    loaded.name() + " is a base model and takes no system message; --chat-template forces a chat");
        }
        return system != null ? system : jllm.system(model);
    }

    private Prompt request(LanguageModel loaded, Jllm jllm, String question) {
        String instruction = instruction(loaded, jllm);
        if (loaded.template().isEmpty()) {
            return new Prompt.Text(question);
        }
        List<Message> messages = new ArrayList<>();
        if (instruction != null) {
            messages.add(Message.system(instruction));
        }
        messages.add(Message.user(question));
        return new Prompt.Chat(messages);
    }

    private String readPrompt() throws IOException {
        String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new InvalidRequestException("there is no prompt: give one after MODEL or on standard input");
        }
        return text;
    }

    private static String summary(GenerationResult result) {
        double seconds = result.total().minus(result.timeToFirstToken()).toNanos() / 1e9;
        return String.format(
                Locale.ROOT,
                "%d prompt tokens, %d generated, first after %d ms, then %.1f tokens/s (%s)",
                result.promptTokens(),
                result.completionTokens(),
                result.timeToFirstToken().toMillis(),
                seconds > 0 ? (result.completionTokens() - 1) / seconds : 0,
                result.finishReason().name().toLowerCase(Locale.ROOT));
    }
}
