package org.jllm.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jllm.api.OverloadedException;
import org.jllm.api.UnavailableException;

/**
 * Requests that wait for a place, in the order in which they came. Those that were put back to it go first, then those of
 * the clients with the fewest running requests. Safe for use by several threads.
 */
final class WaitingLine {
    private final int most;
    private final List<Sequence> waiting = new ArrayList<>();
    private boolean closed;

    /** @param most requests that may wait; those that are put back do not count */
    WaitingLine(int most) {
        this.most = most;
    }

    synchronized void add(Sequence sequence) {
        if (closed) {
            throw new UnavailableException("the model is being closed and takes no more requests");
        }
        if (waiting.size() >= most) {
            throw new OverloadedException(waiting.size() + " requests wait for the model already: try again later");
        }
        waiting.add(sequence);
        notifyAll();
    }

    synchronized void putBack(Sequence sequence) {
        waiting.add(0, sequence);
    }

    /** Takes out those that will never run. */
    synchronized List<Sequence> remove(Predicate<Sequence> ended) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Sequence> removed = waiting.stream().filter(ended).toList();
        waiting.removeAll(removed);
        return removed;
    }

    /**
     * Takes out the request that runs next; empty if none can. A request for which there is no room yet holds up those that
     * come after it, so that many small ones never keep a large one from running.
     *
     * @param busy running requests of each client
     * @param ready whether it makes sense to begin with a request now; those that are not are passed over
     * @param fits whether there is room for a request
     */
    synchronized Optional<Sequence> next(
            Map<String, Integer> busy, Predicate<Sequence> ready, Predicate<Sequence> fits) {
        // The sort is stable, so the order of arrival decides among equals.
        Optional<Sequence> next = waiting.stream()
                .sorted(Comparator.comparing((Sequence sequence) -> !sequence.preempted)
                        .thenComparing(sequence -> busy.getOrDefault(sequence.request.client(), 0)))
                .filter(ready)
                .findFirst()
                .filter(fits);
        next.ifPresent(waiting::remove);
        return next;
    }

    synchronized void forEach(Consumer<Sequence> action) {
        waiting.forEach(action);
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Waits until somebody stands here; false when nobody will any more. */
    synchronized boolean await() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        return !waiting.isEmpty();
    }

    /** Takes no more requests; those that wait go on. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
