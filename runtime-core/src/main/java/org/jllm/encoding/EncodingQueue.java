package org.jllm.encoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jllm.api.UnavailableException;

/**
 * The texts that wait for an encoder. A round is one batch: callers who want the same share its tokens equally, the one who
 * waits longest first, and what one of them leaves goes to the others. Safe for use by several threads.
 */
final class EncodingQueue {
    private final int roundTokens;
    private final Deque<EncodingJob> waiting = new ArrayDeque<>();
    private boolean closed;

    /** One batch, and whose texts it has. */
    static final class Round {
        private final Set<EncoderOutput> wanted;
        private final List<EncoderInput> texts = new ArrayList<>();
        private final List<Place> places = new ArrayList<>();

        private record Place(EncodingJob job, int index) {}

        Round(Set<EncoderOutput> wanted) {
            this.wanted = wanted;
        }

        List<EncoderInput> texts() {
            return texts;
        }

        Set<EncoderOutput> wanted() {
            return wanted;
        }

        private void add(EncodingJob job) {
            int index = job.take();
            texts.add(job.text(index));
            places.add(new Place(job, index));
        }

        void finish(List<EncodedText> results) {
            for (int i = 0; i < results.size(); i++) {
                places.get(i).job.finish(places.get(i).index, results.get(i));
            }
        }

        void fail(Throwable error) {
            places.forEach(place -> place.job.fail(error));
        }
    }

    EncodingQueue(int roundTokens) {
        this.roundTokens = roundTokens;
    }

    synchronized CompletableFuture<List<EncodedText>> add(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        EncodingJob job = new EncodingJob(texts, wanted);
        if (closed) {
            job.fail(new UnavailableException("the model is being closed"));
        } else {
            waiting.add(job);
            notifyAll();
        }
        return job.future();
    }

    /** Waits for texts; empty once the queue is closed. */
    synchronized Optional<Round> take() throws InterruptedException {
        while (!closed) {
            waiting.removeIf(EncodingJob::isTaken);
            if (!waiting.isEmpty()) {
                return Optional.of(fill());
            }
            wait();
        }
        return Optional.empty();
    }

    private Round fill() {
        Set<EncoderOutput> wanted = waiting.element().wanted();
        List<EncodingJob> jobs =
                waiting.stream().filter(job -> job.wanted().equals(wanted)).toList();
        Round round = new Round(wanted);
        int room = roundTokens;
        int share = roundTokens / jobs.size();
        for (EncodingJob job : jobs) {
            room -= fill(round, job, Math.min(share, room), round.texts.isEmpty());
        }
        for (EncodingJob job : jobs) {
            room -= fill(round, job, room, false);
        }
        // Those who got something go behind those who want something else.
        waiting.removeAll(jobs);
        waiting.addAll(jobs);
        return round;
    }

    /** Adds texts of no more than so many tokens, but at least one where that is asked for; tells how many tokens. */
    private static int fill(Round round, EncodingJob job, int room, boolean atLeastOne) {
        int tokens = 0;
        while (!job.isTaken() && (job.nextLength() <= room - tokens || (atLeastOne && tokens == 0))) {
            tokens += job.nextLength();
            round.add(job);
        }
        return tokens;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized void abandon(RuntimeException reason) {
        waiting.forEach(job -> job.fail(reason));
        waiting.clear();
    }
}
