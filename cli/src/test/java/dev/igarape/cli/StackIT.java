package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.cli.e2e.DemoStack;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ProcessTable;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.cli.stack.config.Credentials;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The demo's stack, stopped and started again after all other tests on it but those of faults; and a server that does not start. */
@Order(5)
@ExtendWith(DemoStack.class)
final class StackIT {
    private static final List<String> SERVERS =
            List.of("storage", "kafka", "registry", "trino", "sqlpad", "history", "postgres");

    private static final String JOIN =
            "SELECT k.id, p.owner FROM kept.kept k JOIN postgresql.public.pages p ON p.page = '/cart'";
    private static final String JOINED = "[{\"id\":1,\"owner\":\"sales\"}]";

    private final CommandLineHarness lake = CommandLineHarness.on(DemoStack.STATE);

    @Test
    void saysWhyAServerDoesNotStart(@TempDir Path state) throws IOException {
        CommandLineHarness other = new CommandLineHarness(state);
        Path data = other.workspace().data("kafka");
        Files.createDirectories(data.getParent());
        Files.writeString(data, "not a folder");
        CommandLineHarness.Outcome outcome = other.run("up", "--only", "kafka");
        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.err())
                .contains("Cannot format Kafka's data folder")
                .contains("The end of " + other.workspace().log("kafka"));
        assertThat(new Daemon("kafka", state).leader()).isEmpty();
    }

    /** Servers are left running that the short form of faults goes on with; it has no use for Airflow. */
    @Test
    void nothingRunsAfterDownAndAllDataStayOnAShiftedPort() throws Exception {
        long events = count();
        lake.succeed("query", "CREATE SCHEMA kept WITH (location = '" + hdfs() + "/kept')");
        lake.succeed("query", "CREATE TABLE kept.kept AS SELECT 1 AS id, DATE '2024-01-31' AS day");
        makeTopic("kept");
        int schema = register("kept");
        assertThat(lake.query(JOIN)).hasToString(JOINED);
        assertThat(sqlPad().get("/api/queries").body().path("queries"))
                .extracting(query -> query.path("name").asText())
                .contains("Insights: events by name");
        assertThat(askThroughSqlPad("SELECT id FROM kept.kept")).hasToString("[{\"id\":1}]");
        List<ProcessTable.Entry> before = processes();

        // A second up adopts what runs.
        assertThat(up().err()).doesNotContain("Started");
        assertThat(processes()).containsExactlyInAnyOrderElementsOf(before);

        assertThat(lake.run("doctor").out())
                .contains("ok     postgres             answers", "ok     kafka                answers");

        lake.succeed("down");
        assertThat(before).hasSizeGreaterThanOrEqualTo(SERVERS.size()).noneMatch(ProcessTable.Entry::alive);
        assertThat(running()).isEmpty();

        forgetPassword("postgres/lake");
        String oldHdfs = hdfs();
        try (ServerSocket hdfs = taken("hdfs");
                ServerSocket trino = taken("trino")) {
            assertThat(up().err())
                    .contains("Port " + hdfs.getLocalPort() + " of hdfs is taken; using ")
                    .contains("Port " + trino.getLocalPort() + " of trino is taken; using ");
        }
        assertThat(hdfs()).isNotEqualTo(oldHdfs);
        assertThat(askThroughSqlPad("SELECT id FROM lake.kept.kept")).hasToString("[{\"id\":1}]");
        assertThat(lake.query("SELECT * FROM kept.kept")).hasToString("[{\"id\":1,\"day\":\"2024-01-31\"}]");
        assertThat(lake.query(JOIN)).hasToString(JOINED);
        assertThat(count()).isEqualTo(events);
        assertThat(topics()).contains("kept");
        assertThat(register("kept")).isEqualTo(schema);

        lake.succeed("query", "DROP TABLE kept.kept");
        DemoStack.leave();
    }

    /** How many events the demo and all tests have landed. */
    private long count() {
        return lake.query("SELECT count(*) AS rows FROM raw.appclickstream")
                .get(0)
                .get("rows")
                .asLong();
    }

    /** Every process that has to do with the stack. */
    private static List<String> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(DemoStack.STATE.toString()))
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
    }

    /** As someone does who deletes the file of credentials; others are made. */
    private void forgetPassword(String login) throws IOException {
        Path file = lake.workspace().state().resolve("credentials.json");
        ObjectNode credentials = (ObjectNode) Json.mapper().readTree(file.toFile());
        assertThat(credentials.remove(login)).isNotNull();
        Files.write(file, Json.mapper().writeValueAsBytes(credentials));
    }

    private ServerSocket taken(String port) throws IOException {
        int number = (Integer) lake.file("ports.json").get(port);
        return new ServerSocket(number, 1, InetAddress.getByName("127.0.0.1"));
    }

    private JsonClient sqlPad() {
        Credentials.Login login =
                Credentials.load(lake.workspace().state().resolve("credentials.json")).logins().stream()
                        .filter(known -> known.server().equals("sqlpad"))
                        .findFirst()
                        .orElseThrow();
        String basic = Base64.getEncoder()
                .encodeToString((login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8));
        return JsonClient.to(
                        "SQLPad", "http://127.0.0.1:" + lake.file("ports.json").get("sqlpad"))
                .with("Authorization", "Basic " + basic);
    }

    /** What SQLPad shows for a query over its connection to Trino. */
    private JsonNode askThroughSqlPad(String sql) {
        JsonClient.Response answer = sqlPad().post(
                        "/api/query-result",
                        Map.of("cacheKey", "test", "connectionId", "lake", "queryName", "test", "queryText", sql));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        // SQLPad tells of faults with this status, too.
        assertThat(answer.body().path("error").asText("")).isEmpty();
        return answer.body().path("queryResult").path("rows");
    }

    private CommandLineHarness.Outcome up() {
        return lake.succeed("up", "--only", String.join(",", SERVERS));
    }

    private String hdfs() {
        return TargetFile.read(lake.workspace()).hdfs();
    }

    private List<ProcessTable.Entry> processes() {
        return SERVERS.stream()
                .map(server -> new Daemon(server, lake.workspace().state()))
                .flatMap(daemon -> Stream.of(daemon.leader()).flatMap(Optional::stream))
                .toList();
    }

    private void makeTopic(String name) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private Iterable<String> topics() throws Exception {
        try (Admin admin = admin()) {
            return admin.listTopics().names().get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.copyOf(TargetFile.read(lake.workspace()).kafka()));
    }

    /** Registers a schema and returns its id. */
    private int register(String subject) {
        String url = TargetFile.read(lake.workspace()).registry().get("schema.registry.url");
        JsonClient.Response answer = JsonClient.to("schema registry", url)
                .post("/subjects/" + subject + "/versions", Map.of("schema", "\"string\""));
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().path("id").asInt();
    }
}
