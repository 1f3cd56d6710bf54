package org.jllm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A response's body that fails when nothing comes for a while. Read by one thread. */
final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<TimedBody> {
    /** What has come: bytes, or how it ended. */
    private record Event(
            List<ByteBuffer> bytes, boolean end, @Nullable Throwable failure) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<TimedBody> body = CompletableFuture.completedFuture(this);
    private final Duration patience;
    private Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private Event current = new Event(List.of(), false, null);
    private int index;

    TimedBody(Duration patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<TimedBody> getBody() {
        return body;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription started) {
        subscription = started;
        if (closed) {
            started.cancel();
        } else {
            started.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        events.add(new Event(bytes, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), true, null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        while (!current.end()) {
            while (index < current.bytes().size()) {
                ByteBuffer buffer = current.bytes().get(index);
                if (buffer.hasRemaining()) {
                    int read = Math.min(count, buffer.remaining());
                    buffer.get(bytes, from, read);
                    return read;
                }
                index++;
            }
            next();
        }
        Throwable failure = current.failure();
        if (failure != null) {
            throw new IOException(failure.getMessage() == null ? failure.toString() : failure.getMessage(), failure);
        }
        return -1;
    }

    private void next() throws IOException {
        boolean more = !current.bytes().isEmpty();
        synchronized (this) {
            if (more && subscription != null) {
                subscription.request(1);
            }
        }
        try {
            Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                close();
                throw new HttpTimeoutException("nothing came for " + patience.toMillis() + " ms");
            }
            current = event;
            index = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted", e);
        }
    }

    /** Takes no more bytes; the connection is given up unless all had come. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
