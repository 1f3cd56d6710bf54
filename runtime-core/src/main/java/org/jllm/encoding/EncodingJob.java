package org.jllm.encoding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** The texts of one caller: the longest are computed first, and the results come in the caller's order. */
final class EncodingJob {
    private final List<EncoderInput> texts;
    private final Set<EncoderOutput> wanted;
    private final int[] order;
    private final EncodedText[] results;
    private final CompletableFuture<List<EncodedText>> future = new CompletableFuture<>();
    private int taken;
    private int finished;

    EncodingJob(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        this.texts = List.copyOf(texts);
        this.wanted = Set.copyOf(wanted);
        results = new EncodedText[texts.size()];
        order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -texts.get(i).length()))
                .mapToInt(i -> i)
                .toArray();
    }

    Set<EncoderOutput> wanted() {
        return wanted;
    }

    CompletableFuture<List<EncodedText>> future() {
        return future;
    }

    boolean isTaken() {
        return taken == order.length || future.isDone();
    }

    /** Tokens of the text that is next. */
    int nextLength() {
        return texts.get(order[taken]).length();
    }

    /** The caller's index of the text that is next, which counts as taken from now on. */
    int take() {
        return order[taken++];
    }

    EncoderInput text(int index) {
        return texts.get(index);
    }

    void finish(int index, EncodedText result) {
        results[index] = result;
        finished++;
        if (finished == results.length) {
            future.complete(Arrays.asList(results));
        }
    }

    void fail(Throwable error) {
        future.completeExceptionally(error);
    }
}
