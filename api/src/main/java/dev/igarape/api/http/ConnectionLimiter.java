package dev.igarape.api.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many connections in and no more. Of those beyond, as many again may ask once within a short time, which is
 * answered with 503; the rest are closed at once. Either way none stays, so that idle ones can't fill the memory.
 */
public final class ConnectionLimiter implements Handler<HttpConnection> {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<HttpConnection> refused = ConcurrentHashMap.newKeySet();

    /** @param max that are open at once */
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

    /** How many are open, without those that are refused. */
    public int openConnections() {
        return open.get();
    }

    boolean isRefused(HttpConnection connection) {
        return refused.contains(connection);
    }

    /** What a refused connection's request gets. */
    Problem problem() {
        return Problem.unavailable(
                "too-many-connections",
                "Too many connections are open",
                "This service keeps " + max + " connections open at once (IGARAPE_API_MAX_CONNECTIONS). Send it again"
                        + " later, and close connections that are not used.",
                5);
    }
}
