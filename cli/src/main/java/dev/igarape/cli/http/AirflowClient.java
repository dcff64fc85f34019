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

/** Airflow over REST, as one user. */
public final class AirflowClient {
    private static final Duration UNTIL_LOADED = Duration.ofMinutes(3);
    private static final int CONFLICT = 409;
    private static final int TRIES = 20;
    private static final long POLL_MILLIS = 1000;

    private final JsonClient api;

    private AirflowClient(JsonClient api) {
        this.api = api;
    }

    public static AirflowClient login(String url, String user, String password) {
        JsonClient client = JsonClient.to("Airflow", url);
        JsonClient.Answer answer = client.post("/auth/token", Map.of("username", user, "password", password));
        if (!answer.ok()) {
            throw client.failure("log in as " + user, answer);
        }
        return new AirflowClient(client.with(
                "Authorization", "Bearer " + answer.body().path("access_token").asText()));
    }

    /** A DAG run as it is now. */
    public record Run(String dag, String id, String state) {
        public boolean over() {
            return state.equals("success") || state.equals("failed");
        }
    }

    /** Waits until Airflow has loaded the DAG from the manifest. */
    public void awaitDag(String dag) {
        long deadline = System.nanoTime() + UNTIL_LOADED.toNanos();
        while (!api.get("/api/v2/dags/" + dag).ok()) {
            if (System.nanoTime() > deadline) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Airflow does not load the DAG %s. What it says of the DAG files: %s"
                                .formatted(dag, api.get("/api/v2/importErrors").text()));
            }
            pause();
        }
    }

    /**
     * Asks for a run that builds one date, and lets the DAG's runs start. It counts as due since the end of that date,
     * so that it goes before the scheduled run that a DAG makes when it is first let run.
     */
    public Run trigger(String dag, String runId, LocalDate date) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("dag_run_id", runId).putNull("logical_date").put("run_after", date.plusDays(1) + "T00:00:00Z");
        body.putObject("conf").put("date", date.toString());
        JsonClient.Answer answer = patiently(() -> api.post("/api/v2/dags/" + dag + "/dagRuns", body));
        // There already: an earlier try did it, though it was answered with an error.
        if (!answer.ok() && answer.status() != CONFLICT) {
            throw api.failure("start a run of " + dag, answer);
        }
        JsonClient.Answer unpaused = patiently(
                () -> api.patch("/api/v2/dags/" + dag + "?update_mask=is_paused", Map.of("is_paused", false)));
        if (!unpaused.ok()) {
            throw api.failure("let " + dag + " run", unpaused);
        }
        return run(dag, runId);
    }

    public Run run(String dag, String runId) {
        JsonClient.Answer answer = patiently(() -> api.get("/api/v2/dags/" + dag + "/dagRuns/" + runId));
        if (!answer.ok()) {
            throw api.failure("see the run " + runId + " of " + dag, answer);
        }
        return new Run(dag, runId, answer.body().path("state").asText());
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
        JsonClient.Answer answer =
                patiently(() -> api.get("/api/v2/dags/" + run.dag() + "/dagRuns/" + run.id() + "/taskInstances"));
        if (!answer.ok()) {
            throw api.failure("see the tasks of " + run.dag(), answer);
        }
        return answer.body().path("task_instances");
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

    /** Asks again while Airflow answers with an error of its own, as when its database is busy. */
    private static JsonClient.Answer patiently(Supplier<JsonClient.Answer> request) {
        JsonClient.Answer answer = request.get();
        for (int again = 1; again < TRIES && answer.status() >= 500; again++) {
            pause();
            answer = request.get();
        }
        return answer;
    }

    /** Waits a little, between two looks at what is going on. */
    public static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
