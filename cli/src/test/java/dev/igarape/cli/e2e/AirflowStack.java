package dev.igarape.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Airflow of a running stack, and the files that it writes to HDFS. */
final class AirflowStack {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Asked to change to HTTP/2, Airflow loses a request's body. */
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();

    private final JsonNode ports;
    private final JsonNode credentials;

    /** @param state the stack's state folder */
    AirflowStack(Path state) throws IOException {
        this.ports = Json.mapper().readTree(state.resolve("ports.json").toFile());
        this.credentials =
                Json.mapper().readTree(state.resolve("credentials.json").toFile());
    }

    /** Waits for Airflow with a second between two looks: to answer keeps it from its work. */
    static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofSeconds(1)).atMost(PATIENCE);
    }

    /** Each task of the runs whose ids begin like this, with its state: {@code dag task state}. */
    List<String> tasks(String runs) throws IOException, InterruptedException {
        JsonNode all = ask("GET", "/api/v2/dags/~/dagRuns/~/taskInstances?limit=100", "")
                .path("task_instances");
        List<String> tasks = new ArrayList<>();
        for (JsonNode task : all) {
            if (task.path("dag_run_id").asText().startsWith(runs)) {
                tasks.add(task.path("dag_id").asText() + " "
                        + task.path("task_id").asText() + " "
                        + task.path("state").asText());
            }
        }
        return tasks;
    }

    /** A DAG's runs of a type. */
    List<JsonNode> runs(String dag, String type) throws IOException, InterruptedException {
        List<JsonNode> runs = new ArrayList<>();
        ask("GET", "/api/v2/dags/" + dag + "/dagRuns?run_type=" + type, "")
                .path("dag_runs")
                .forEach(runs::add);
        return runs;
    }

    /** The answer to a REST request as admin. */
    JsonNode ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Authorization", "Bearer " + token("admin"))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return Json.mapper()
                .readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    /** The status of a REST request as a user. */
    int status(String user, String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Authorization", "Bearer " + token(user))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).statusCode();
    }

    private String token(String user) throws IOException, InterruptedException {
        String login = Json.mapper().writeValueAsString(Map.of("username", user, "password", password(user)));
        HttpRequest request =
                request("/auth/token").POST(BodyPublishers.ofString(login)).build();
        return Json.mapper()
                .readTree(http.send(request, BodyHandlers.ofString()).body())
                .path("access_token")
                .asText();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address("airflow") + path)).header("Content-Type", "application/json");
    }

    /** The content of a file on HDFS. */
    String file(String path) throws IOException, InterruptedException {
        URI uri = URI.create(address("hdfs-http") + "/webhdfs/v1" + path + "?op=OPEN");
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    /** The commits of a table on the stack, in order. */
    List<JsonNode> ledger(String table) throws IOException, InterruptedException {
        List<JsonNode> commits = new ArrayList<>();
        while (true) {
            String path = "/lake/_ledger/" + table + "/" + String.format("%012d.json", commits.size() + 1);
            JsonNode commit = Json.mapper().readTree(file(path));
            if (commit.has("RemoteException")) {
                return commits;
            }
            commits.add(commit);
        }
    }

    private String address(String port) {
        return "http://127.0.0.1:" + ports.path(port).asInt();
    }

    private String password(String user) {
        return credentials.path("airflow/" + user).asText();
    }
}
