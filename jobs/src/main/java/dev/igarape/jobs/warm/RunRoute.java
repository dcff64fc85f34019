package dev.igarape.jobs.warm;

import com.fasterxml.jackson.core.JacksonException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.igarape.model.Json;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.handover.RunOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /runs}: takes a {@link HandedRun} and answers with a {@link RunOutput} a line; empty lines in between keep the
 * connection alive. A status other than 200 says that nothing was done: 401 the token is wrong, 400 the request, 409 the run
 * can't be done here, 503 all places are taken. When the caller hangs up, the run is cancelled.
 */
public final class RunRoute implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RunRoute.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final int LONGEST_REQUEST = 1 << 20;

    private final RunPool pool;
    private final String token;
    private final String runId;

    /**
     * @param token what callers have to know
     * @param runId names this service to its callers
     */
    public RunRoute(RunPool pool, String token, String runId) {
        this.pool = pool;
        this.token = token;
        this.runId = runId;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")
                    || !exchange.getRequestURI().getPath().equals("/runs")) {
                refuse(exchange, 404, "POST a run to /runs.");
            } else if (!isAllowed(exchange)) {
                refuse(exchange, 401, "The token is not the one in the service's state file.");
            } else {
                take(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    private void take(HttpExchange exchange) throws IOException, InterruptedException {
        HandedRun run;
        try {
            run = Json.mapper().readValue(exchange.getRequestBody().readNBytes(LONGEST_REQUEST), HandedRun.class);
        } catch (JacksonException e) {
            refuse(exchange, 400, "The body is no run: " + e.getOriginalMessage());
            return;
        }
        Optional<String> refusal = pool.refusal(run);
        if (refusal.isPresent()) {
            refuse(exchange, 409, refusal.get());
            return;
        }
        Optional<RunTask> task = pool.start(run);
        if (task.isEmpty()) {
            refuse(exchange, 503, pool.busy());
            return;
        }
        answer(exchange, task.get());
    }

    private void answer(HttpExchange exchange, RunTask task) throws InterruptedException {
        try {
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.getResponseHeaders().set(HandedRun.SERVICE_HEADER, runId);
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            String result = write(task, body);
            body.close();
            pool.count(result);
        } catch (IOException e) {
            if (!task.isCancelled()) {
                LOG.info("The caller of a run has gone away: {}", e.getMessage());
            }
            pool.count("cancelled");
            task.cancel();
        } finally {
            pool.answered(task);
        }
    }

    /** Writes all lines of a run, and returns what became of it; an IOException if the caller has gone away, or the run was cancelled. */
    private static String write(RunTask task, OutputStream body) throws IOException, InterruptedException {
        while (true) {
            Optional<RunOutput> line = task.next(HEARTBEAT);
            if (line.isEmpty() && task.isMoved()) {
                if (!task.await(HEARTBEAT)) {
                    body.write('\n');
                    body.flush();
                    continue;
                }
                line = Optional.of(
                        RunOutput.moved("Its tasks have held all of the live service's for a minute, while others"
                                + " waited: this run goes on in a process of its own."));
            } else if (line.isEmpty() && task.isCancelled()) {
                throw new IOException("cancelled");
            }
            if (line.isPresent()) {
                body.write(Json.mapper().writeValueAsBytes(line.get()));
            }
            body.write('\n');
            body.flush();
            if (line.flatMap(RunOutput::exit).isPresent()) {
                return line.get().exit().get() == 0 ? "done" : "failed";
            }
            if (line.flatMap(RunOutput::moved).isPresent()) {
                return "moved";
            }
        }
    }

    private void refuse(HttpExchange exchange, int status, String reason) throws IOException {
        pool.count("refused");
        byte[] text = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
    }
}
