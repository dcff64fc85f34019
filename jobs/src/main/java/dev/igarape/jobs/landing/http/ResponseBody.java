package dev.igarape.jobs.landing.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response as an input stream with a deadline. No more than a few buffers of it are held; the rest waits at
 * the server until it is read.
 *
 * <p>The JDK's {@link HttpResponse.BodySubscribers#ofInputStream} does not do as well: its reads wait for the server
 * without limit, since {@link java.net.http.HttpRequest.Builder#timeout} ends once the headers are there.
 */
final class ResponseBody extends InputStream implements HttpResponse.BodySubscriber<ResponseBody> {
    private final Duration timeout;
    private final long deadline;
    private final CompletableFuture<ResponseBody> head = new CompletableFuture<>();
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
    private volatile Optional<Flow.Subscription> subscription = Optional.empty();
    private boolean ended;

    /**
     * @param timeout for the whole body, for messages
     * @param deadline in terms of {@link System#nanoTime}
     */
    ResponseBody(Duration timeout, long deadline) {
        this.timeout = timeout;
        this.deadline = deadline;
    }

    /** A signal from the HTTP client: buffers, the end of the body, or a failure. */
    private record Signal(List<ByteBuffer> buffers, boolean last, Optional<Throwable> failure) {}

    @Override
    public CompletionStage<ResponseBody> getBody() {
        return head;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = Optional.of(given);
        given.request(1);
        head.complete(this);
    }

    @Override
    public void onNext(List<ByteBuffer> next) {
        signals.add(new Signal(next, false, Optional.empty()));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal(List.of(), true, Optional.of(failure)));
        head.complete(this);
    }

    @Override
    public void onComplete() {
        signals.add(new Signal(List.of(), true, Optional.empty()));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws FailedResponse if the connection breaks or the deadline passes */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (buffers.isEmpty() || !buffers.peek().hasRemaining()) {
            buffers.poll();
            if (buffers.isEmpty() && !receive()) {
                return -1;
            }
        }
        int count = Math.min(length, buffers.peek().remaining());
        buffers.peek().get(into, offset, count);
        return count;
    }

    /** Waits for the next buffers; false at the end of the body. */
    private boolean receive() throws IOException {
        if (ended) {
            return false;
        }
        Signal next;
        try {
            next = signals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (next == null) {
            throw FailedResponse.timedOut(timeout);
        }
        if (next.failure().isPresent()) {
            throw FailedResponse.failed(next.failure().get());
        }
        ended = next.last();
        buffers.addAll(next.buffers());
        subscription.orElseThrow().request(1);
        return !ended;
    }

    /** Cancels the rest of the body. */
    @Override
    public void close() {
        subscription.ifPresent(Flow.Subscription::cancel);
    }
}
