package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.airflow.AirflowClient;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Airflow of a running stack, and the files that it writes to HDFS. */
final class AirflowStack {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

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

    /** Triggers a DAG for a date and waits until it has succeeded. */
    void succeeds(String dag, LocalDate date) {
        AirflowClient airflow = AirflowClient.login(address("airflow"), "admin", password("admin"));
        airflow.awaitDag(dag);
        AirflowClient.Run run = airflow.trigger(dag, "test-" + date, date);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> airflow.run(run.dag(), run.id()).over());
        assertThat(airflow.run(run.dag(), run.id()).state())
                .as(airflow.failures(run, 20))
                .isEqualTo("success");
    }

    /** The status of a REST request as a user. */
    int status(String user, String method, String path, String body) throws IOException, InterruptedException {
        String login = Json.mapper().writeValueAsString(Map.of("username", user, "password", password(user)));
        JsonNode token = Json.mapper()
                .readTree(http.send(
                                request("/auth/token")
                                        .POST(BodyPublishers.ofString(login))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        HttpRequest request = request(path)
                .header("Authorization", "Bearer " + token.path("access_token").asText())
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).statusCode();
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
