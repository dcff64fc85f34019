package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Airflow does by itself and for others, on the stack as the demo leaves it. The demo's own runs were applications of Spark; the
 * live service takes what a browser backfills in {@link ToolsIT} and what is started here.
 */
@Order(2)
@ExtendWith({DemoStack.class, WarmRuns.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AirflowIT {
    private static final Path HOME = DemoStack.HOME;
    private static final LakeCommand LAKE = DemoStack.LAKE;

    private static AirflowStack airflow() throws IOException {
        return new AirflowStack(DemoStack.STATE);
    }

    @Test
    @Order(1)
    void noTaskOfTheDemosRunsWasSkipped() throws Exception {
        assertThat(airflow().tasks("demo_"))
                .hasSizeGreaterThan(8)
                .allSatisfy(task -> assertThat(task).endsWith(" success"));
    }

    @Test
    @Order(1)
    void lineageTellsWhatTheDemosTasksReadAndWrote() throws Exception {
        String metastore = Json.mapper()
                .readTree(DemoStack.STATE.resolve("target.json").toFile())
                .path("metastore")
                .asText()
                .replace("thrift:", "hive:");
        Set<String> flows = new HashSet<>();
        Set<Integer> rows = new HashSet<>();
        for (String line : Files.readAllLines(DemoStack.LINEAGE)) {
            JsonNode event = Json.mapper().readTree(line);
            if (event.path("eventType").asText().equals("COMPLETE")) {
                String task = event.path("job").path("name").asText();
                flows.add(task + ": " + tables(event.path("inputs")) + " -> " + tables(event.path("outputs")));
                if (task.equals("clickstream.trusted.appclickstream")) {
                    rows.add(event.at("/outputs/0/outputFacets/outputStatistics/rowCount")
                            .asInt());
                }
            }
        }
        String lake = metastore + "/";
        assertThat(flows)
                .contains(
                        "insights.raw.insights: [] -> [" + lake + "raw.insights]",
                        "insights.gold.insights_trend: [" + lake + "gold.grouped_insights] -> [" + lake
                                + "gold.insights_trend]",
                        "clickstream.trusted.appclickstream: [" + lake + "raw.appclickstream] -> [" + lake
                                + "trusted.appclickstream]");
        // Yesterday, which the schedule builds besides, has no events.
        assertThat(rows).contains(1000);
    }

    private static List<String> tables(JsonNode datasets) {
        List<String> tables = new ArrayList<>();
        datasets.forEach(dataset -> tables.add(
                dataset.path("namespace").asText() + "/" + dataset.path("name").asText()));
        return tables;
    }

    @Test
    @Order(1)
    void aViewerSeesRunsButStartsNone() throws Exception {
        String run = "{\"logical_date\": null, \"conf\": {\"date\": \"2024-01-01\"}}";
        assertThat(airflow().status("viewer", "GET", "/api/v2/dags/insights/dagRuns", ""))
                .isEqualTo(200);
        assertThat(airflow().status("viewer", "POST", "/api/v2/dags/insights/dagRuns", run))
                .isEqualTo(403);
    }

    @Test
    @Order(2)
    void aTaskThatFailsForGoodIsToldOfOnce() throws Exception {
        airflow()
                .ask(
                        "POST",
                        "/api/v2/dags/insights/dagRuns",
                        "{\"dag_run_id\": \"failing\", \"logical_date\": null,"
                                + " \"conf\": {\"date\": \"2024-03-09\", \"select\": \"gold.nonesuch\"}}");
        AirflowStack.await()
                .untilAsserted(() -> assertThat(airflow().runs("insights", "manual"))
                        .anySatisfy(run -> {
                            assertThat(run.path("dag_run_id").asText()).isEqualTo("failing");
                            assertThat(run.path("state").asText()).isEqualTo("failed");
                        }));
        assertThat(DemoStack.WEBHOOK.received()).singleElement().satisfies(alert -> {
            assertThat(alert.path("dag").asText()).isEqualTo("insights");
            assertThat(alert.path("task").asText()).isEqualTo("raw.insights");
            assertThat(alert.path("dates").asText()).isEqualTo("2024-03-09");
            assertThat(alert.path("owner").asText()).isEqualTo("data-platform");
            assertThat(alert.path("problem").asText()).contains("failed: ", "gold.nonesuch");
            assertThat(alert.path("log_url").asText()).contains("/dags/insights/runs/failing/tasks/");
            assertThat(alert.path("rerun").asText()).isEqualTo("./lake run 'raw.insights+' --date 2024-03-09");
        });
    }

    /** Airflow's command line backfills 5 and 6 March; REST adds the 7th, which alone is missing then. */
    @Test
    @Order(3)
    void backfillsByCommandLineAndRestBuildTheirDatesAndTriggerConsumersForThem(@TempDir Path project)
            throws Exception {
        copy(HOME.resolve("pipelines"), project.resolve("pipelines"));
        Path consumer = Files.createDirectory(project.resolve("pipelines/watch"));
        Files.writeString(consumer.resolve("pipeline.yaml"), """
                pipeline: watch
                description: Runs whenever a date of insights was built.
                owner: tests
                schedule: assets
                start_date: 2024-01-01
                tables:
                  gold.watched_insights:
                    daily: {sql: watched_insights.sql}
                """);
        Files.writeString(
                consumer.resolve("watched_insights.sql"), "SELECT sum(events) AS events FROM gold.grouped_insights");
        LakeCommand lake = LAKE.in(project);
        lake.run("compile").succeeded();
        AirflowStack.await()
                .until(() -> airflow()
                                .status(
                                        "admin",
                                        "PATCH",
                                        "/api/v2/dags/watch?update_mask=is_paused",
                                        "{\"is_paused\": false}")
                        == 200);

        lake.run(
                        "airflow",
                        "backfill",
                        "create",
                        "--dag-id",
                        "insights",
                        "--from-date",
                        "2024-03-05",
                        "--to-date",
                        "2024-03-06")
                .succeeded();
        AirflowStack.await()
                .untilAsserted(() -> assertThat(backfilled(YearMonth.of(2024, 3)))
                        .containsExactly("2024-03-05 success", "2024-03-06 success"));
        String request = "{\"dag_id\": \"insights\", \"from_date\": \"2024-03-05T00:00:00Z\","
                + " \"to_date\": \"2024-03-07T00:00:00Z\", \"reprocess_behavior\": \"none\"}";
        assertThat(airflow()
                        .ask("POST", "/api/v2/backfills/dry_run", request)
                        .path("backfills")
                        .findValuesAsText("logical_date"))
                .containsExactly("2024-03-07T00:00:00Z");
        AirflowStack.await().until(() -> airflow().status("admin", "POST", "/api/v2/backfills", request) == 200);
        List<String> built = List.of("2024-03-05", "2024-03-06", "2024-03-07");
        // The table is not there before its first date.
        AirflowStack.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(dates("gold.watched_insights")).isEqualTo(built));
        assertThat(dates("gold.grouped_insights WHERE date BETWEEN DATE '2024-03-01' AND DATE '2024-03-31'"))
                .isEqualTo(built);
    }

    /** Date and state of the backfill runs of insights in a month. */
    private static List<String> backfilled(YearMonth month) throws Exception {
        return airflow().runs("insights", "backfill").stream()
                .map(run -> run.path("logical_date").asText().substring(0, 10) + " "
                        + run.path("state").asText())
                .filter(run -> run.startsWith(month.toString()))
                .sorted()
                .toList();
    }

    /** The dates of a table that have 1000 events. */
    private static List<String> dates(String table) throws IOException {
        return DemoStack.query(
                        "SELECT date FROM %s GROUP BY date HAVING sum(events) = 1000 ORDER BY date".formatted(table))
                .stream()
                .map(row -> row.get("date").asText())
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
