package dev.igarape.api.health;

import dev.igarape.api.http.Problem;
import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code GET /health/live}: the process answers. {@code GET /health/ready}: so do the servers that it needs. */
public final class HealthRoutes {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Map<String, Supplier<Future<Void>>> checks;

    /** @param checks by the name of the server, in the order to show */
    public HealthRoutes(Vertx vertx, Map<String, Supplier<Future<Void>>> checks) {
        this.vertx = vertx;
        this.checks = new LinkedHashMap<>(checks);
    }

    public Future<Response> live(RequestContext context) {
        return Future.succeededFuture(Response.json(200, Map.of("status", "up")));
    }

    /** 503 says which server is down. */
    public Future<Response> ready(RequestContext context) {
        Map<String, Future<Void>> results = new LinkedHashMap<>();
        checks.forEach((name, check) -> results.put(name, limited(check.get())));
        return Future.join(new ArrayList<>(results.values())).transform(all -> {
            List<String> down = results.entrySet().stream()
                    .filter(entry -> entry.getValue().failed())
                    .map(Map.Entry::getKey)
                    .toList();
            if (down.isEmpty()) {
                Map<String, String> shown = new LinkedHashMap<>();
                shown.put("status", "up");
                results.keySet().forEach(name -> shown.put(name, "up"));
                return Future.succeededFuture(Response.json(200, shown));
            }
            return Future.failedFuture(Problem.unavailable(
                            "not-ready",
                            "A server that this service needs is down",
                            "No good answer within " + LIMIT.toMillis() + " ms from: " + String.join(", ", down)
                                    + ". Start it, or check its address in the environment.",
                            2)
                    .toException());
        });
    }

    private Future<Void> limited(Future<Void> check) {
        Promise<Void> promise = Promise.promise();
        long timer = vertx.setTimer(LIMIT.toMillis(), id -> promise.tryFail("No answer"));
        check.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                promise.tryComplete();
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future();
    }
}
