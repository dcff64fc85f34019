package dev.igarape.bench.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An Airflow with the one DAG {@code insights}, whose runs end as they are told. */
final class FakeAirflow implements AutoCloseable {
    static final String PASSWORD = "open sesame";

    private static final String DAG = "/api/v2/dags/insights";
    private static final String RUNS = DAG + "/dagRuns";

    private final HttpServer server;
    private final Queue<JsonNode> triggered = new ConcurrentLinkedQueue<>();
    private final Deque<String> states = new ArrayDeque<>();
    private int lookedForRuns;
    private int lookedAtRuns;
    private String dag = "{\"dag_id\": \"insights\", \"is_paused\": false}";

    private FakeAirflow(HttpServer server) {
        this.server = server;
    }

    static FakeAirflow start() throws IOException {
        FakeAirflow airflow =
                new FakeAirflow(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        airflow.server.createContext("/", airflow::answer);
        airflow.server.start();
        return airflow;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What it says of the DAG. */
    synchronized void says(String json) {
        dag = json;
    }

    /** The states of the next runs, look by look; the last one stays. */
    synchronized void runsAre(String... inOrder) {
        states.clear();
        states.addAll(List.of(inOrder));
    }

    /** The requests for runs so far. */
    List<JsonNode> triggered() {
        return List.copyOf(triggered);
    }

    /** How often it was asked which runs are under way; the first time there is one. */
    synchronized int lookedForRuns() {
        return lookedForRuns;
    }

    /** How often it was asked for the state of a run. */
    synchronized int lookedAtRuns() {
        return lookedAtRuns;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean posted = exchange.getRequestMethod().equals("POST");
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.equals("/auth/token")) {
                boolean known = Json.mapper()
                        .readTree(body)
                        .equals(Json.mapper()
                                .readTree("{\"username\": \"admin\", \"password\": \"" + PASSWORD + "\"}"));
                say(exchange, known ? 201 : 401, known ? "{\"access_token\": \"t\"}" : "{\"detail\": \"who?\"}");
            } else if (!"Bearer t".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                say(exchange, 401, "{\"detail\": \"who?\"}");
            } else if (path.equals(DAG)) {
                say(exchange, dag.contains("is_paused") ? 200 : 404, dag);
            } else if (path.equals(RUNS) && posted) {
                triggered.add(Json.mapper().readTree(body));
                say(exchange, 200, "{\"state\": \"queued\"}");
            } else if (path.equals(RUNS)) {
                lookedForRuns++;
                say(exchange, 200, lookedForRuns == 1 ? "{\"dag_runs\": [{}]}" : "{\"dag_runs\": []}");
            } else {
                lookedAtRuns++;
                String state = states.size() > 1 ? states.remove() : states.element();
                say(exchange, 200, "{\"state\": \"" + state + "\"}");
            }
        }
    }

    private static void say(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
