package dev.igarape.api.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A limit on requests in flight, by count and by bytes. A request acquires a {@link Permit}, reserves the bytes that it
 * reads, and releases all of it when its response is sent. Thread-safe.
 */
public final class InFlightLimiter {
    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public InFlightLimiter(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** @throws ProblemException 503 when as many requests as allowed are in flight */
    public Permit acquire() {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            throw full(maxRequests + " requests are under way, the most allowed");
        }
        return new Permit();
    }

    public int requests() {
        return requests.get();
    }

    public long bytes() {
        return bytes.get();
    }

    private static ProblemException full(String cause) {
        return Problem.unavailable("too-busy", "Too much is under way", cause + ". Send it again later.", 1)
                .toException();
    }

    /** One request's share. Closing it again has no effect. */
    public final class Permit implements AutoCloseable {
        private long held;
        private boolean closed;

        private Permit() {}

        /** @throws ProblemException 503 when the bytes of all requests would pass the bound */
        public synchronized void reserve(long more) {
            if (closed) {
                return;
            }
            if (bytes.addAndGet(more) > maxBytes) {
                bytes.addAndGet(-more);
                throw full("The requests under way hold " + maxBytes + " bytes, the most allowed");
            }
            held += more;
        }

        /** Releases a part of the reserved bytes. */
        public synchronized void release(long less) {
            if (!closed) {
                bytes.addAndGet(-less);
                held -= less;
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                bytes.addAndGet(-held);
                requests.decrementAndGet();
            }
        }
    }
}
