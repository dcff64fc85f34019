package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Changes of a table in PostgreSQL, captured by Kafka Connect and landed; tables that follow it and are compared with it; and a
 * connector that fails on the way.
 */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ChangeCaptureIT {
    private static final LakeCommand LAKE = DemoStack.LAKE;
    private static final String TOPIC = CapturedOrders.TOPIC;
    private static final String CONNECTOR = CapturedOrders.CONNECTOR;

    private static StackProject project;

    @BeforeAll
    static void capture() throws Exception {
        LAKE.run("up", "--only", "connect").succeeded();
        project = CapturedOrders.make();
    }

    @AfterAll
    static void stopCapturing() throws Exception {
        CapturedOrders.drop(project);
    }

    @Test
    @Order(1)
    void changesLandAsTheDatabaseMadeThem() throws Exception {
        assertThat(project.callWithoutTarget("connect", "list").succeeded().out())
                .containsPattern("captured +connect/captured.json +no +-");
        assertThat(project.call("connect", "apply").succeeded().err()).contains("captured: created");
        project.sql(
                "UPDATE captured_orders SET total = 11.00 WHERE id = 1",
                "DELETE FROM captured_orders WHERE id = 2",
                "INSERT INTO captured_orders VALUES (3, 'eva', 0.01, '2024-01-16T00:00:00.000001Z')");
        // Two of the snapshot, three changes and the tombstone of the deletion.
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DemoStack.records(TOPIC)).isEqualTo(6));

        land();
        assertThat(rows("SELECT value.op, value.before.id AS id_before, value.after.id, value.after.customer,"
                        + " CAST(value.after.total AS VARCHAR) AS total, value.after.at FROM raw.captured_changes"
                        + " ORDER BY \"offset\""))
                .containsExactly(
                        "{\"op\":\"r\",\"id_before\":null,\"id\":1,\"customer\":\"ana\",\"total\":\"10.50\",\"at\":\"2024-01-15T10:00:00.000000Z\"}",
                        "{\"op\":\"r\",\"id_before\":null,\"id\":2,\"customer\":\"rui\",\"total\":\"7.25\",\"at\":null}",
                        "{\"op\":\"u\",\"id_before\":null,\"id\":1,\"customer\":\"ana\",\"total\":\"11.00\",\"at\":\"2024-01-15T10:00:00.000000Z\"}",
                        "{\"op\":\"d\",\"id_before\":2,\"id\":null,\"customer\":null,\"total\":null,\"at\":null}",
                        "{\"op\":\"c\",\"id_before\":null,\"id\":3,\"customer\":\"eva\",\"total\":\"0.01\",\"at\":\"2024-01-16T00:00:00.000001Z\"}");
    }

    @Test
    @Order(2)
    void statusShowsConnectorsAndTheirSlots() throws Exception {
        JsonNode captured = status();
        assertThat(captured.path("state").asText()).isEqualTo("RUNNING");
        assertThat(captured.path("findings")).isEmpty();
        assertThat(captured.at("/slot/name").asText()).isEqualTo("captured");
        assertThat(captured.at("/slot/active").asBoolean()).isTrue();
        assertThat(project.call("connect", "apply").succeeded().err()).contains("captured: unchanged");
        assertThat(project.callWithoutTarget("connect", "list").succeeded().out())
                .containsPattern("captured +connect/captured.json +yes +RUNNING");
        assertThat(LAKE.call("status").succeeded().out()).containsPattern("captured +PostgresConnector +RUNNING +1/1");
        assertThat(LAKE.call("doctor").out()).containsPattern("ok +Connector captured +is running");
    }

    @Test
    @Order(3)
    void theWorkerAndKafkaKnowNoPassword() throws Exception {
        String config = connect().get("/connectors/captured/config").text();
        assertThat(config).contains("captured.properties:SHOP_PASSWORD}").doesNotContain(project.password());
    }

    /** A new column, another key, a large value that an update leaves out, and at last a truncation. */
    @Test
    @Order(4)
    void tablesHaveWhatTheDatabaseHas() throws Exception {
        change(
                4,
                "ALTER TABLE captured_orders ADD country text",
                "INSERT INTO captured_orders VALUES (10, 'bia', 1.00, '2024-01-17T00:00:00Z', repeat('large ', 2000), 'BR')",
                "UPDATE captured_orders SET id = 30 WHERE id = 3");
        build();
        assertThat(orders())
                .containsExactly(
                        "{\"id\":1,\"customer\":\"ana\",\"total\":\"11.00\",\"note\":null,\"country\":null}",
                        "{\"id\":10,\"customer\":\"bia\",\"total\":\"1.00\",\"note\":12000,\"country\":\"BR\"}",
                        "{\"id\":30,\"customer\":\"eva\",\"total\":\"0.01\",\"note\":null,\"country\":null}");

        change(1, "UPDATE captured_orders SET customer = 'bea' WHERE id = 10");
        LakeCommand.Result behind = reconcile("trusted.captured_orders");
        assertThat(behind.status()).as(behind.err()).isEqualTo(5);
        assertThat(behind.out())
                .containsPattern("trusted.captured_orders +database +3 ")
                .containsPattern("trusted.captured_orders +lake +3 ")
                .containsPattern("trusted.captured_orders +different +1 +\\{\"id\":10\\}")
                .doesNotContain("missing", "surplus");

        change(
                3,
                "TRUNCATE captured_orders",
                "INSERT INTO captured_orders VALUES (1, 'ana', 11.00, NULL), (3, 'eva', 0.02, NULL)");
        build();
        assertThat(orders())
                .containsExactly(
                        "{\"id\":1,\"customer\":\"ana\",\"total\":\"11.00\",\"note\":null,\"country\":null}",
                        "{\"id\":3,\"customer\":\"eva\",\"total\":\"0.02\",\"note\":null,\"country\":null}");
        assertThat(rows("SELECT value.after.note FROM raw.captured_changes WHERE value.after.customer = 'bea'"))
                .containsExactly("{\"note\":\"__debezium_unavailable_value\"}");
        assertThat(rows(
                        "SELECT customer, length(note) AS note, valid_to IS NULL AS holds FROM trusted.captured_versions"
                                + " WHERE id = 10 ORDER BY valid_from"))
                .containsExactly(
                        "{\"customer\":\"bia\",\"note\":12000,\"holds\":false}",
                        "{\"customer\":\"bea\",\"note\":12000,\"holds\":false}");
        LakeCommand.Result same = reconcile("trusted.captured_versions").succeeded();
        assertThat(same.out())
                .containsPattern(
                        "captured_versions +database +2 +(-?\\d+)\\s+trusted.captured_versions +lake +2 +\\1\\s");
    }

    /** Makes changes, and waits until the topic has so many records more. */
    private static void change(int records, String... statements) throws Exception {
        long before = DemoStack.records(TOPIC);
        project.sql(statements);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DemoStack.records(TOPIC)).isGreaterThanOrEqualTo(before + records));
    }

    private static void build() throws Exception {
        land();
        project.callLocal("run", "trusted.captured_orders", "trusted.captured_versions", "--due")
                .succeeded();
    }

    private static List<String> orders() throws IOException {
        return rows("SELECT id, customer, CAST(total AS VARCHAR) AS total, length(note) AS note, country"
                + " FROM trusted.captured_orders ORDER BY id");
    }

    private static LakeCommand.Result reconcile(String table) throws Exception {
        return project.here()
                .run(
                        StackProject.variables(DemoStack.STATE),
                        "reconcile",
                        table,
                        "--url",
                        "${SHOP_DB}",
                        "--user",
                        "lake",
                        "--password",
                        "${SHOP_PASSWORD}",
                        "--source",
                        "public.captured_orders");
    }

    @Test
    @Order(5)
    void confluentsOwnClientReadsWhatTheConnectorWrote() throws Exception {
        List<String> read = new ArrayList<>();
        for (JsonNode value : DemoStack.readByConfluentsClient(TOPIC)) {
            if (!value.isNull()) {
                read.add(texts(
                        value.path("op"),
                        value.at("/before/id"),
                        value.at("/after/id"),
                        value.at("/after/total"),
                        value.at("/source/lsn")));
            }
        }
        List<String> landed = new ArrayList<>();
        for (JsonNode row : DemoStack.query("SELECT value.op, value.before.id AS id_before, value.after.id,"
                + " CAST(value.after.total AS VARCHAR) AS total, value.source.lsn FROM raw.captured_changes"
                + " ORDER BY \"offset\"")) {
            landed.add(
                    texts(row.path("op"), row.path("id_before"), row.path("id"), row.path("total"), row.path("lsn")));
        }
        assertThat(read).isEqualTo(landed).hasSizeGreaterThanOrEqualTo(12);
    }

    private static String texts(JsonNode... values) {
        return Stream.of(values).map(value -> value.asText("-")).collect(Collectors.joining(" "));
    }

    /** Nobody stops it: it is killed, and changes are made while it is away. */
    @Test
    @Order(6)
    void nothingIsLostWhenTheWorkerDies() throws Exception {
        JsonNode record = Json.mapper()
                .readTree(DemoStack.STATE.resolve("run/connect.json").toFile());
        ProcessHandle worker = ProcessHandle.of(record.path("pid").asLong()).orElseThrow();
        worker.destroyForcibly();
        worker.onExit().get();
        assertThat(LAKE.call("connect", "status").err()).contains("Start it with: ./lake up --only connect");
        long told = DemoStack.records(TOPIC);
        project.sql("INSERT INTO captured_orders VALUES (4, 'lia', 4.00, NULL)");
        LAKE.run("up", "--only", "connect").succeeded();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DemoStack.records(TOPIC)).isGreaterThan(told));
        land();
        assertThat(rows("SELECT value.after.customer FROM raw.captured_changes WHERE value.after.id = 4"))
                .contains("{\"customer\":\"lia\"}");
    }

    @Test
    @Order(7)
    void walThatNobodyReadsIsTold() throws Exception {
        connect().put("/connectors/captured/stop", Map.of());
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            LakeCommand.Result status = LAKE.call("connect", "status");
            assertThat(status.out())
                    .contains("STOPPED", "warning: captured: nobody reads replication slot captured")
                    .contains("SELECT pg_drop_replication_slot('captured')");
            assertThat(status.status()).isZero();
        });
    }

    @Test
    @Order(8)
    void aConnectorWhoseSlotWasDroppedFailsAndStartsAnew() throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> project.sql("SELECT pg_drop_replication_slot('captured')"));
        // No log has it for the connector any more.
        project.sql("INSERT INTO captured_orders VALUES (5, 'tom', 5.00, NULL)");
        connect().put("/connectors/captured/resume", Map.of());
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                                LAKE.call("connect", "status", "captured").status())
                        .isEqualTo(4));
        LakeCommand.Result failed = LAKE.call("connect", "restart", "captured");
        assertThat(failed.status()).isEqualTo(4);
        assertThat(failed.out())
                .containsPattern("captured +PostgresConnector +FAILED +0/1")
                .contains("FAILED captured: io.debezium.DebeziumException", "no longer available on the server")
                .contains("./lake connect delete captured, drop the slot", "then run ./lake connect apply captured");
        LakeCommand.Result doctor = LAKE.call("doctor");
        assertThat(doctor.status()).isNotZero();
        assertThat(doctor.out()).containsPattern("FAILED +Connector captured");

        long before = DemoStack.records(TOPIC);
        LAKE.call("connect", "delete", "captured").succeeded();
        assertThat(project.call("connect", "apply", "captured").succeeded().err())
                .contains("captured: created");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DemoStack.records(TOPIC)).isGreaterThanOrEqualTo(before + 4));
        land();
        assertThat(rows("SELECT value.op, value.after.customer FROM raw.captured_changes"
                        + " WHERE value.after.id = 5"))
                .containsExactly("{\"op\":\"r\",\"customer\":\"tom\"}");
    }

    /**
     * A task that is stopped in the middle of its start may have made a slot which the next one takes for an old one. The database's
     * user is another one, whose password is changed later.
     */
    @Test
    @Order(9)
    void aChangedConnectorStartsOnce() throws Exception {
        long before = starts();
        project.sql("CREATE ROLE captor LOGIN REPLICATION PASSWORD 'first' IN ROLE lake");
        project.append("targets.yaml", """
                first: {extends: own, prefix: first_, variables: {CAPTOR_PASSWORD: first}}
                second: {extends: own, prefix: second_, variables: {CAPTOR_PASSWORD: second}}
                """);
        project.write(
                "connect/captured.json",
                CONNECTOR
                        .formatted(", \"heartbeat.interval.ms\": \"60000\"")
                        .replace("${env:STACK_POSTGRES_USER}", "captor")
                        .replace("SHOP_PASSWORD", "CAPTOR_PASSWORD"));
        assertThat(project.callWithoutTarget("connect", "list").succeeded().out())
                .containsPattern("changed +RUNNING");
        assertThat(applyOn("first")).contains("captured: changed");
        assertThat(starts()).isEqualTo(before + 1);
        long told = DemoStack.records(TOPIC);
        project.sql("INSERT INTO captured_orders VALUES (6, 'ivo', 6.00, NULL)");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DemoStack.records(TOPIC)).isGreaterThan(told));
    }

    private static String applyOn(String target) {
        return project.callWithoutTarget("connect", "apply", "--target", target)
                .succeeded()
                .err();
    }

    private static long starts() throws IOException {
        try (Stream<String> log = Files.lines(DemoStack.STATE.resolve("logs/connect.log"))) {
            return log.filter(line -> line.contains("Starting PostgresConnectorTask"))
                    .count();
        }
    }

    @Test
    @Order(10)
    void aPasswordThatHasChangedIsToldAndNothingIsLost() throws Exception {
        project.sql("ALTER ROLE captor PASSWORD 'second'");
        LakeCommand.Result failed = LAKE.call("connect", "restart", "captured");
        assertThat(failed.status()).isEqualTo(4);
        assertThat(failed.out())
                // It tries again for ever, which Kafka Connect calls running.
                .containsPattern("captured +PostgresConnector +RUNNING +1/1")
                .contains(
                        "FAILED captured: its database refuses the connector's login", "password authentication failed")
                .contains("Export the right password under the name that connect/captured.json has for it");
        long told = DemoStack.records(TOPIC);
        project.sql("INSERT INTO captured_orders VALUES (7, 'rita', 7.00, NULL)");

        assertThat(applyOn("second")).contains("captured: restarted");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DemoStack.records(TOPIC)).isGreaterThan(told));
        land();
        assertThat(rows("SELECT DISTINCT value.op, value.after.customer FROM raw.captured_changes"
                        + " WHERE value.after.id IN (6, 7) ORDER BY 2"))
                .containsExactly("{\"op\":\"c\",\"customer\":\"ivo\"}", "{\"op\":\"c\",\"customer\":\"rita\"}");
    }

    @Test
    @Order(11)
    void whatKafkaConnectRefusesIsToldWithItsReason() throws Exception {
        project.write(
                "connect/captured.json",
                CONNECTOR
                        .formatted("")
                        .replace("${env:STACK_POSTGRES_PORT}", "1")
                        .replace("\"topic.prefix\"", "\"prefix\""));
        long starts = starts();
        LakeCommand.Result refused = project.call("connect", "apply");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err())
                .contains("Kafka Connect refuses connect/captured.json:", "topic.prefix")
                .contains("./lake connect apply captured again");
        project.write("connect/captured.json", CONNECTOR.formatted("").replace("SHOP_PASSWORD", "NO_SUCH_NAME"));
        LakeCommand.Result missing = project.call("connect", "apply");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("connect/captured.json needs ${env:NO_SUCH_NAME}");
        // The one that was there goes on, with its values.
        assertThat(starts()).isEqualTo(starts);
        assertThat(status().path("state").asText()).isEqualTo("RUNNING");
        assertThat(status().at("/slot/active").asBoolean()).isTrue();
        assertThat(LAKE.call("connect", "restart", "capture").err())
                .contains("Kafka Connect has no connector 'capture' (did you mean captured?). It has: captured");
    }

    private static void land() throws Exception {
        project.callLocal("run", "raw.captured_changes", "--date", "2024-01-15").succeeded();
    }

    private static JsonNode status() throws Exception {
        return Json.mapper()
                .readTree(LAKE.call("connect", "status", "captured", "--output", "json")
                        .succeeded()
                        .out())
                .get(0);
    }

    private static JsonClient connect() {
        try {
            JsonNode ports =
                    Json.mapper().readTree(DemoStack.STATE.resolve("ports.json").toFile());
            return JsonClient.to("Kafka Connect", "http://127.0.0.1:" + ports.path("connect"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> rows(String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : DemoStack.query(sql)) {
            rows.add(row.toString());
        }
        return rows;
    }
}
