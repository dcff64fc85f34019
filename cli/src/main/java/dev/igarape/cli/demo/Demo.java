package dev.igarape.cli.demo;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.http.AirflowClient;
import dev.igarape.cli.http.Patience;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.query.OutputFormat;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.model.Layer;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The demo: runs pipelines for one date on a running stack, from events through DAG runs to Trino's results. */
public final class Demo {
    private static final int EVENTS = 1000;
    private static final int ROWS = 20;
    private static final int LOG_LINES = 15;
    /** How long a DAG run may take. */
    private static final Patience RUNNING = new Patience(Duration.ofMinutes(12), Duration.ofSeconds(1));

    /** By pipeline: the DAG of {@code dags/} that delivers the files that it lands. */
    private static final Map<String, String> FEEDERS = Map.of("landed_insights", "insights_landing");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final Workspace workspace;
    private final Project project;
    private final AirflowClient airflow;
    private final String apiToken;
    private final Progress progress;

    /** @param apiToken the HTTP API's bearer token */
    public Demo(Workspace workspace, Project project, AirflowClient airflow, String apiToken, Progress progress) {
        this.workspace = workspace;
        this.project = project;
        this.airflow = airflow;
        this.apiToken = apiToken;
        this.progress = progress;
    }

    /**
     * Runs the pipelines for a date and prints their gold tables. Returns what the runs warn of.
     *
     * @param now names the DAG runs
     */
    public List<String> run(List<Pipeline> pipelines, LocalDate date, Instant now, PrintWriter out) {
        Target target = TargetFile.read(workspace);
        String run = "demo_" + date + "_" + STAMP.format(now);
        List<AirflowClient.Run> feeders = start(
                pipelines.stream()
                        .map(Pipeline::name)
                        .filter(FEEDERS::containsKey)
                        .map(FEEDERS::get)
                        .toList(),
                run,
                date);
        Events events = new Events(workspace, target, apiToken, progress);
        pipelines.forEach(pipeline -> feed(pipeline, date, events));
        feeders.forEach(this::await);
        start(pipelines.stream().map(Pipeline::name).toList(), run, date).forEach(this::await);
        TrinoClient trino = new TrinoClient(target);
        for (Pipeline pipeline : pipelines) {
            for (Table table : pipeline.tables()) {
                if (table.name().layer() == Layer.GOLD) {
                    print(target.database(Layer.GOLD) + "." + table.name().name(), date, trino, out);
                }
            }
        }
        return warnings(target, trino, run);
    }

    private static List<String> warnings(Target target, TrinoClient trino, String run) {
        return trino
                .query("SELECT warning FROM %s.runs CROSS JOIN UNNEST(warnings) AS w(warning) WHERE dag_run_id = '%s'"
                        .formatted(target.database(Layer.OPS), run))
                .rows()
                .stream()
                .map(row -> row.get(0).toString())
                .toList();
    }

    private List<AirflowClient.Run> start(List<String> dags, String run, LocalDate date) {
        List<AirflowClient.Run> runs = new ArrayList<>();
        for (String dag : dags) {
            airflow.awaitDag(dag);
            runs.add(airflow.trigger(dag, run, date));
            progress.step("Started the DAG run of %s for %s".formatted(dag, date));
        }
        return runs;
    }

    private void feed(Pipeline pipeline, LocalDate date, Events events) {
        for (Table table : pipeline.tables()) {
            List<String> topics =
                    table.definition().kafka().map(Source.Kafka::topics).orElse(List.of());
            for (String topic : topics) {
                Path schema = project.pipeline(pipeline.name()).resolve(topic + ".avsc");
                if (Files.exists(schema)) {
                    events.register(topic, schema);
                }
                events.send(topic, date, EVENTS);
            }
        }
    }

    private void await(AirflowClient.Run started) {
        Map<String, String> seen = new HashMap<>();
        AirflowClient.Run run = RUNNING.ask(
                () -> {
                    AirflowClient.Run now = airflow.run(started.dag(), started.id());
                    airflow.tasks(now).forEach((task, state) -> {
                        boolean over = List.of("success", "failed", "skipped", "upstream_failed")
                                .contains(state);
                        if (over && !state.equals(seen.put(task, state))) {
                            progress.step("  %-32s %s".formatted(task, state));
                        }
                    });
                    return now;
                },
                AirflowClient.Run::over);
        if (!run.over()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The DAG run of %s is not over after %d minutes. Look at it in Airflow, or at ./lake logs airflow."
                            .formatted(run.dag(), RUNNING.time().toMinutes()));
        }
        if (!run.state().equals("success")) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The DAG run %s of %s failed. The ends of the tasks' logs:%n%s"
                            .formatted(run.id(), run.dag(), airflow.failures(run, LOG_LINES)));
        }
    }

    private static void print(String table, LocalDate date, TrinoClient trino, PrintWriter out) {
        out.printf("%n%s on %s%n", table, date);
        boolean dated = trino.query("SELECT * FROM %s LIMIT 0".formatted(table))
                .columns()
                .contains("date");
        String where = dated ? "WHERE date = DATE '%s'".formatted(date) : "";
        OutputFormat.TABLE.write(
                trino.query("SELECT * FROM %s %s ORDER BY 1 LIMIT %d".formatted(table, where, ROWS)), out);
        out.flush();
    }
}
