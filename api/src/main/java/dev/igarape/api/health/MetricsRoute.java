package dev.igarape.api.health;

import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import dev.igarape.api.http.RouteHandler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code GET /metrics}: in Prometheus' text format. */
public final class MetricsRoute implements RouteHandler {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final WorkerExecutor workers;

    public MetricsRoute(PrometheusMeterRegistry registry, WorkerExecutor workers) {
        this.registry = registry;
        this.workers = workers;
    }

    @Override
    public Future<Response> handle(RequestContext context) {
        return workers.executeBlocking(
                () -> new Response(200, TYPE, registry.scrape(TYPE).getBytes(StandardCharsets.UTF_8), Map.of()), false);
    }
}
