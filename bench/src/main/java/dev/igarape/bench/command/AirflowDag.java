package dev.igarape.bench.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A DAG of the stack's Airflow, by its REST API. */
public final class AirflowDag {
    private static final String PASSWORD_VARIABLE = "IGARAPE_AIRFLOW_PASSWORD";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LONGEST_RUN = Duration.ofMinutes(12);

    /** Answering keeps Airflow from its work. */
    private static final long POLL_MILLIS = 500;

    /** Asked to change to HTTP/2, Airflow loses a request's body. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String url;
    private final String password;
    private final String name;
    private Optional<String> token = Optional.empty();

    AirflowDag(String url, String password, String name) {
        this.url = url;
        this.password = password;
        this.name = name;
    }

    /**
     * A DAG, with the password of Airflow's admin that {@code ./lake bench} hands over.
     *
     * @param url Airflow's, without a path
     */
    public static AirflowDag of(String url, String name) {
        return new AirflowDag(url, System.getenv(PASSWORD_VARIABLE), name);
    }

    /** What is missing to trigger it, and the command that helps; empty if nothing is. */
    Optional<String> missing() throws InterruptedException {
        try {
            HttpResponse<String> answer = send("GET", "", Optional.empty());
            JsonNode paused = Json.mapper().readTree(answer.body()).path("is_paused");
            return paused.isBoolean() && !paused.booleanValue()
                    ? Optional.empty()
                    : Optional.of("the DAG %1$s in Airflow, not paused (./lake demo %1$s --no-live)".formatted(name));
        } catch (IOException e) {
            return Optional.of("Airflow (./lake up --only airflow)");
        }
    }

    /** Waits until no run is under way, such as the one for yesterday that begins when the DAG is unpaused. */
    void awaitIdle() throws Exception {
        await(
                "An earlier run",
                () -> ask("GET", "/dagRuns?state=queued&state=running", Optional.empty())
                        .path("dag_runs")
                        .isEmpty());
    }

    /**
     * Triggers a run, and waits for its end.
     *
     * @param conf the DAG's parameters
     * @throws IllegalStateException if it fails
     */
    void run(ObjectNode conf) throws Exception {
        String id = "bench_" + UUID.randomUUID();
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("dag_run_id", id).putNull("logical_date").set("conf", conf);
        ask("POST", "/dagRuns", Optional.of(request));
        await("The run " + id, () -> {
            String state =
                    ask("GET", "/dagRuns/" + id, Optional.empty()).path("state").asText();
            if (state.equals("failed")) {
                throw new IllegalStateException(
                        "The run " + id + " of the DAG " + name + " failed; its tasks' logs in Airflow say why.");
            }
            return state.equals("success");
        });
    }

    private void await(String what, Callable<Boolean> over) throws Exception {
        long deadline = System.nanoTime() + LONGEST_RUN.toNanos();
        while (!over.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("%s of the DAG %s is not over after %d minutes."
                        .formatted(what, name, LONGEST_RUN.toMinutes()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private JsonNode ask(String method, String path, Optional<ObjectNode> body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("Airflow answers %d to %s %s of the DAG %s: %s"
                    .formatted(answer.statusCode(), method, path, name, answer.body()));
        }
        return Json.mapper().readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, Optional<ObjectNode> body)
            throws IOException, InterruptedException {
        if (token.isEmpty()) {
            token = Optional.of(login());
        }
        return http.send(
                request("/api/v2/dags/" + name + path)
                        .header("Authorization", "Bearer " + token.get())
                        .method(method, publisher(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String login() throws IOException, InterruptedException {
        ObjectNode login = JsonNodeFactory.instance.objectNode();
        login.put("username", "admin").put("password", password);
        HttpResponse<String> answer = http.send(
                request("/auth/token").POST(publisher(Optional.of(login))).build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode given = Json.mapper().readTree(answer.body()).path("access_token");
        if (!given.isTextual()) {
            throw new IOException("Airflow answers %d to the login of admin".formatted(answer.statusCode()));
        }
        return given.textValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json");
    }

    private static HttpRequest.BodyPublisher publisher(Optional<ObjectNode> body) {
        return body.map(json -> HttpRequest.BodyPublishers.ofString(json.toString()))
                .orElseGet(HttpRequest.BodyPublishers::noBody);
    }
}
