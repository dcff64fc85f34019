package dev.igarape.jobs.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.warm.RunPool;
import dev.igarape.jobs.warm.RunRoute;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers over HTTP: {@code /status} as JSON, {@code /metrics} for Prometheus, and {@code /health}, which is 200 once every table
 * has had its first turn, and 503 while a step hangs; {@code /runs} takes runs.
 */
public final class LiveServer implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** For requests that are answered at once; each run that was handed over takes one more while it is under way. */
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;

    private LiveServer(HttpServer server, int threads) {
        this.server = server;
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "live-http");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to answer.
     *
     * @param port 0 for one that is free
     * @param runs does the runs that are handed over
     * @param token what those have to know who hand one over
     * @throws LakeException UNAVAILABLE if the port is taken
     */
    public static LiveServer start(
            String host, int port, LiveService service, RunPool runs, String token, PrometheusMeterRegistry meters) {
        try {
            LiveServer server =
                    new LiveServer(HttpServer.create(new InetSocketAddress(host, port), 0), THREADS + runs.size());
            server.server.createContext(
                    "/runs", new RunRoute(runs, token, service.status().runId()));
            server.serve(service, runs, meters);
            return server;
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot listen on " + host + ":" + port + ": " + e.getMessage()
                            + ". Stop what listens there, or choose another port.",
                    e);
        }
    }

    private void serve(LiveService service, RunPool runs, PrometheusMeterRegistry meters) {
        answer("/status", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            return new Answer(
                    200, Json.mapper().writeValueAsBytes(service.status().with(runs.status())));
        });
        answer("/metrics", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", TEXT);
            return new Answer(200, meters.scrape(TEXT).getBytes(StandardCharsets.UTF_8));
        });
        answer("/health", exchange -> {
            LiveStatus status = service.status();
            Optional<LiveStatus.StepStatus> hangs = status.step().filter(LiveStatus.StepStatus::hanging);
            String text = hangs.map(
                            step -> step.table() + " has been at one step for " + step.seconds() / 60 + " minutes\n")
                    .orElse(status.ready() ? "ready\n" : "starting\n");
            return new Answer(status.ready() && hangs.isEmpty() ? 200 : 503, text.getBytes(StandardCharsets.UTF_8));
        });
        server.setExecutor(threads);
        server.start();
    }

    private record Answer(int status, byte[] body) {}

    private interface Route {
        Answer answer(HttpExchange exchange) throws IOException;
    }

    private void answer(String path, Route route) {
        server.createContext(path, exchange -> {
            try (exchange) {
                boolean known = exchange.getRequestURI().getPath().equals(path)
                        && exchange.getRequestMethod().equals("GET");
                Answer answer = known ? route.answer(exchange) : new Answer(404, new byte[0]);
                exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        });
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
