package org.jllm.server;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jllm.api.GenerationResult;
import org.jllm.api.TokenLogprob;
import org.jspecify.annotations.Nullable;

/** Answers one request with what its generations say; for use by the request's thread. */
final class Answer {
    /** How soon the generations of a client that has gone are cancelled. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    /** Proxies close connections that are silent for longer, most of them after a minute. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Context context;
    private final ClientConnection client;
    private final Generations generations;
    private final ReplyFormat format;
    private final List<@Nullable GenerationResult> results;
    private long watched = System.nanoTime();

    Answer(Context context, ClientConnection client, Generations generations, ReplyFormat format) {
        this.context = context;
        this.client = client;
        this.generations = generations;
        this.format = format;
        results = new ArrayList<>(Collections.nCopies(generations.size(), null));
    }

    /** Waits for all and answers with one object; without an answer if the client has gone. */
    void whole(int n) {
        List<List<TokenLogprob>> logprobs = new ArrayList<>();
        results.forEach(none -> logprobs.add(new ArrayList<>()));
        while (generations.isOpen()) {
            Generations.Event event = generations.poll(PATIENCE);
            if (isGone()) {
                return;
            }
            if (event instanceof Generations.Chunk chunk) {
                logprobs.get(chunk.choice()).addAll(chunk.chunk().logprobs());
            } else if (event instanceof Generations.End end) {
                results.set(end.choice(), end.result());
            } else if (event instanceof Generations.Failure failure) {
                throw failure.error();
            }
        }
        List<ReplyFormat.Choice> choices = new ArrayList<>();
        for (GenerationResult result : finished()) {
            choices.add(new ReplyFormat.Choice(result, logprobs.get(choices.size())));
        }
        OpenAiRoutes.json(context, 200, format.whole(choices, Usage.of(finished(), n)));
    }

    /**
     * Answers with server-sent events; an error among them is the last. One that comes before everything else is thrown, so that
     * it becomes an error with a status of its own; so long does the stream not begin, or until a proxy might get impatient.
     */
    void stream(int n, boolean includeUsage) {
        Generations.Event first = firstEvent();
        if (first instanceof Generations.Failure failure) {
            throw failure.error();
        }
        context.status(200)
                .contentType("text/event-stream; charset=utf-8")
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no")
                .disableCompression();
        // Not the context's own stream, whose flush does not reach the client.
        try (OutputStream out = context.res().getOutputStream()) {
            try {
                if (events(out, first)) {
                    if (includeUsage) {
                        write(out, Json.bytes(format.usage(Usage.of(finished(), n))));
                    }
                    write(out, "[DONE]".getBytes(StandardCharsets.UTF_8));
                }
            } catch (RuntimeException e) {
                OpenAiRoutes.log(e);
                write(out, Json.bytes(ErrorReply.of(e).body()));
            }
        } catch (IOException e) {
            // The client has gone: nobody is left to be told.
        }
    }

    private Generations.@Nullable Event firstEvent() {
        long begin = System.nanoTime();
        Generations.Event event = null;
        while (event == null && System.nanoTime() - begin < SILENCE.toNanos() && !isGone()) {
            event = generations.poll(PATIENCE);
        }
        return event;
    }

    /** Whether the client stayed until the end. */
    private boolean events(OutputStream out, Generations.@Nullable Event begin) throws IOException {
        for (int choice = 0; choice < results.size(); choice++) {
            for (Object first : format.first(choice)) {
                write(out, Json.bytes(first));
            }
        }
        if (begin != null) {
            event(out, begin);
        }
        long spoken = System.nanoTime();
        while (generations.isOpen()) {
            Generations.Event event = generations.poll(PATIENCE);
            if (isGone()) {
                return false;
            }
            if (event != null) {
                event(out, event);
                spoken = System.nanoTime();
            } else if (System.nanoTime() - spoken > SILENCE.toNanos()) {
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                spoken = System.nanoTime();
            }
        }
        return true;
    }

    private void event(OutputStream out, Generations.Event event) throws IOException {
        if (event instanceof Generations.Chunk chunk) {
            write(out, Json.bytes(format.delta(chunk.choice(), chunk.chunk())));
        } else if (event instanceof Generations.End end) {
            results.set(end.choice(), end.result());
            write(out, Json.bytes(format.last(end.choice(), ReplyFormat.finishReason(end.result()))));
        } else if (event instanceof Generations.Failure failure) {
            throw failure.error();
        }
    }

    private static void write(OutputStream out, byte[] data) throws IOException {
        out.write("data: ".getBytes(StandardCharsets.UTF_8));
        out.write(data);
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private boolean isGone() {
        long now = System.nanoTime();
        if (now - watched < PATIENCE.toNanos()) {
            return false;
        }
        watched = now;
        return client.isGone();
    }

    private List<GenerationResult> finished() {
        return results.stream().map(java.util.Objects::requireNonNull).toList();
    }
}
