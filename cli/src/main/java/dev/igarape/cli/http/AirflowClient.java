package dev.igarape.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A client of Airflow's REST API, logged in as one user. */
public final class AirflowClient {
    /** How long Airflow may take to load a DAG. */
    private static final Patience LOADING = new Patience(Duration.ofMinutes(3), Duration.ofSeconds(1));

    private static final Patience BUSY = new Patience(Duration.ofMinutes(1), Duration.ofSeconds(1));
    private static final int CONFLICT = 409;

    private final JsonClient api;

    private AirflowClient(JsonClient api) {
        this.api = api;
    }

    public static AirflowClient login(String url, String user, String password) {
        JsonClient client = JsonClient.to("Airflow", url);
        JsonClient.Response response = client.post("/auth/token", Map.of("username", user, "password", password));
        if (!response.ok()) {
            throw client.failure("log in as " + user, response);
        }
        return new AirflowClient(client.with(
                "Authorization",
                "Bearer " + response.body().path("access_token").asText()));
    }

    /** The state of a DAG run. */
    public record Run(String dag, String id, String state) {
        public boolean over() {
            return state.equals("success") || state.equals("failed");
        }
    }

    /** Waits until Airflow has loaded the DAG from the manifest. */
    public void awaitDag(String dag) {
        if (!LOADING.ask(() -> api.get("/api/v2/dags/" + dag), JsonClient.Response::ok)
                .ok()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Airflow does not load the DAG %s. What it says of the DAG files: %s"
                            .formatted(dag, api.get("/api/v2/importErrors").text()));
        }
    }

    /**
     * Triggers a DAG run that builds one date, and unpauses the DAG. The run counts as due since the end of that date, so
     * that it goes before the scheduled run that Airflow creates when a DAG is unpaused for the first time.
     */
    public Run trigger(String dag, String runId, LocalDate date) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("dag_run_id", runId).putNull("logical_date").put("run_after", date.plusDays(1) + "T00:00:00Z");
        body.putObject("conf").put("date", date.toString());
        JsonClient.Response response = withRetries(() -> api.post("/api/v2/dags/" + dag + "/dagRuns", body));
        // It exists: an earlier attempt created it, though the response was an error.
        if (!response.ok() && response.status() != CONFLICT) {
            throw api.failure("start a run of " + dag, response);
        }
        JsonClient.Response unpaused = withRetries(
                () -> api.patch("/api/v2/dags/" + dag + "?update_mask=is_paused", Map.of("is_paused", false)));
        if (!unpaused.ok()) {
            throw api.failure("let " + dag + " run", unpaused);
        }
        return run(dag, runId);
    }

    public Run run(String dag, String runId) {
        JsonClient.Response response = withRetries(() -> api.get("/api/v2/dags/" + dag + "/dagRuns/" + runId));
        if (!response.ok()) {
            throw api.failure("see the run " + runId + " of " + dag, response);
        }
        return new Run(dag, runId, response.body().path("state").asText());
    }

    /** The states of a run's tasks, by task, in Airflow's order. */
    public Map<String, String> tasks(Run run) {
        Map<String, String> states = new LinkedHashMap<>();
        for (JsonNode task : instances(run)) {
            states.put(task.path("task_id").asText(), task.path("state").asText("none"));
        }
        return states;
    }

    /** The last lines of the logs of tasks that failed. */
    public String failures(Run run, int lines) {
        List<String> found = new ArrayList<>();
        for (JsonNode task : instances(run)) {
            if (task.path("state").asText().equals("failed")) {
                String id = task.path("task_id").asText();
                int attempt = task.path("try_number").asInt(1);
                found.add("  " + id + ":");
                found.addAll(log(run, id, attempt, lines));
            }
        }
        return String.join(System.lineSeparator(), found);
    }

    private JsonNode instances(Run run) {
        JsonClient.Response response =
                withRetries(() -> api.get("/api/v2/dags/" + run.dag() + "/dagRuns/" + run.id() + "/taskInstances"));
        if (!response.ok()) {
            throw api.failure("see the tasks of " + run.dag(), response);
        }
        return response.body().path("task_instances");
    }

    private List<String> log(Run run, String task, int attempt, int lines) {
        JsonNode content = api.get("/api/v2/dags/" + run.dag() + "/dagRuns/" + run.id() + "/taskInstances/" + task
                        + "/logs/" + attempt)
                .body()
                .path("content");
        List<String> all = new ArrayList<>();
        content.forEach(
                line -> all.add("    " + (line.isObject() ? line.path("event").asText() : line.asText())));
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** Repeats a request while Airflow responds with a server error, as when its database is busy. */
    private static JsonClient.Response withRetries(Supplier<JsonClient.Response> request) {
        return BUSY.ask(request, response -> response.status() < 500);
    }
}
