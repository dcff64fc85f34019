package dev.igarape.api.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A limit on open connections. Of the connections beyond it, as many again may send one request within a short time,
 * which gets a 503; the rest are closed at once. So idle connections can't fill the memory.
 */
public final class ConnectionLimiter implements Handler<HttpConnection> {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<HttpConnection> refused = ConcurrentHashMap.newKeySet();

    /** @param max connections that may be open at once */
    public ConnectionLimiter(Vertx vertx, int max) {
        this.vertx = vertx;
        this.max = max;
    }

    @Override
    public void handle(HttpConnection connection) {
        if (open.incrementAndGet() <= max) {
            connection.closeHandler(closed -> open.decrementAndGet());
            return;
        }
        open.decrementAndGet();
        if (refused.size() >= max) {
            connection.close();
            return;
        }
        refused.add(connection);
        long timer = vertx.setTimer(PATIENCE.toMillis(), id -> connection.close());
        connection.closeHandler(closed -> {
            refused.remove(connection);
            vertx.cancelTimer(timer);
        });
    }

    /** The number of open connections, without refused ones. */
    public int openConnections() {
        return open.get();
    }

    boolean isRefused(HttpConnection connection) {
        return refused.contains(connection);
    }

    /** The problem for a refused connection's request. */
    Problem problem() {
        return Problem.unavailable(
                "too-many-connections",
                "Too many connections are open",
                "This service keeps " + max + " connections open at once (IGARAPE_API_MAX_CONNECTIONS). Send it again"
                        + " later, and close connections that are not used.",
                5);
    }
}
