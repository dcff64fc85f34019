package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people use besides the flow itself, on the stack as the demo leaves it: first, while nothing else has run there. */
@Order(1)
@ExtendWith(DemoStack.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ToolsIT {
    private static final Path HOME = DemoStack.HOME;
    private static final LakeCommand LAKE = DemoStack.LAKE;
    private static final Path PICTURES = HOME.resolve("cli/target/browser");
    private static final int EVENTS = 1000;

    @Test
    @Order(1)
    void theIdleStackTakesLessThanSixGigabytes() throws Exception {
        long bytes = 0;
        for (JsonNode server : status().get("servers")) {
            // The live service is left to its own command, and Kafka Connect to who wants it.
            boolean isOptional =
                    List.of("live", "connect").contains(server.get("name").asText());
            String condition = isOptional ? "STOPPED" : "READY";
            assertThat(server.get("condition").asText()).as(server.toString()).isEqualTo(condition);
            bytes += server.get("memory_bytes").asLong();
        }
        assertThat(bytes).isBetween(1L << 30, 6L << 30);
    }

    @Test
    @Order(1)
    void statusShowsHowTheDatesStand() throws Exception {
        JsonNode dates = status().get("dates");
        assertThat(dates.get("dates")).extracting(JsonNode::asText).contains("2024-01-01");
        assertThat(dates.get("tables")
                        .get("gold.grouped_insights")
                        .get("2024-01-01")
                        .asText())
                .isEqualTo("fresh");
        assertThat(LAKE.call("status").succeeded().out()).containsPattern("gold.grouped_insights +F");
    }

    @Test
    @Order(1)
    void doctorFindsNothingWrong() throws Exception {
        assertThat(LAKE.run("doctor").succeeded().out())
                .containsPattern("ok +Tables +[0-9]+ that are deployed were held against their ledgers")
                .doesNotContain("FAILED");
    }

    @Test
    @Order(1)
    void liveTopicsAreTablesWithTheColumnsOfTheirSchema() throws Exception {
        String counts =
                "SELECT event_name, count(*) AS events FROM %s WHERE event_time IS NOT NULL GROUP BY 1 ORDER BY 1";
        List<JsonNode> live = json("query", counts.formatted("kafka.default.appclickstream"), "--output", "json");
        assertThat(live).isEqualTo(json("query", counts.formatted("trusted.appclickstream"), "--output", "json"));
        assertThat(live.stream().mapToInt(row -> row.get("events").asInt()).sum())
                .isEqualTo(EVENTS);
    }

    @Test
    @Order(1)
    void theJobsLogTellsEachRunItsDagTableAndDate() throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : LAKE.run("logs", "jobs", "--lines", "10000")
                .succeeded()
                .out()
                .lines()
                .toList()) {
            if (line.contains("TableRunner")) {
                lines.add(Json.mapper().readTree(line));
            }
        }
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("table").asText()).isEqualTo("gold.grouped_insights");
            assertThat(line.path("date").asText()).isEqualTo("2024-01-01");
            assertThat(line.path("dag").asText()).isEqualTo("insights");
            assertThat(line.path("message").asText()).startsWith("committed: commit ");
            assertThat(line.path("run_id").asText()).isNotEmpty();
        });
    }

    @Test
    @Order(1)
    void theHistoryServerShowsRunsThatAreOver() throws Exception {
        URI applications = URI.create(address(status(), "Spark History") + "/api/v1/applications?status=completed");
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(applications).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(Json.mapper().readTree(answer.body())).isNotEmpty();
        });
    }

    /** The last one, since the service that takes the backfill's tasks from here on is no part of an idle stack. */
    @Test
    @Order(2)
    @ExtendWith(WarmRuns.class)
    void aBrowserBackfillsInAirflowAsksThroughSqlPadAndWatchesTrino() throws Exception {
        Files.createDirectories(PICTURES);
        JsonNode status = status();
        List<String> line = new ArrayList<>(List.of(
                "node",
                HOME.resolve("cli/src/test/browser/screens.js").toString(),
                Tools.browser().toString(),
                PICTURES.toString(),
                address(status, "Airflow"),
                address(status, "SQLPad"),
                address(status, "Trino").split(" ")[0]));
        Map<String, String> environment = Map.of(
                "NODE_PATH",
                Tools.browserDriver(),
                "AIRFLOW_PASSWORD",
                password("airflow", "admin"),
                "SQLPAD_PASSWORD",
                password("sqlpad", "admin@lake.local"));
        LAKE.execute(line, environment).succeeded();
        assertThat(json(
                        "query",
                        "SELECT DISTINCT date FROM gold.grouped_insights WHERE date < DATE '2024-01-03' ORDER BY 1",
                        "--output",
                        "json"))
                .extracting(row -> row.get("date").asText())
                .containsExactly("2024-01-01", "2024-01-02");
        for (String picture : List.of("airflow-grid.png", "sqlpad.png", "trino.png")) {
            assertThat(PICTURES.resolve(picture)).isNotEmptyFile();
        }
    }

    private static String address(JsonNode status, String what) {
        return status.get("servers").findValuesAsText(what).get(0);
    }

    private static JsonNode status() throws Exception {
        return Json.mapper()
                .readTree(LAKE.call("status", "--output", "json").succeeded().out());
    }

    private static String password(String server, String user) throws Exception {
        return json("credentials", "--output", "json").stream()
                .filter(login -> login.get("server").asText().equals(server)
                        && login.get("user").asText().equals(user))
                .findFirst()
                .orElseThrow()
                .get("password")
                .asText();
    }

    private static List<JsonNode> json(String... command) throws Exception {
        List<JsonNode> elements = new ArrayList<>();
        Json.mapper().readTree(LAKE.call(command).succeeded().out()).forEach(elements::add);
        return elements;
    }
}
