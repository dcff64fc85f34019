package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.stack.config.Profile;
import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A lake with tables of every kind moves from one server of each kind to a cluster, by the steps of docs/cluster.md. */
@EnabledIfSystemProperty(named = "igarape.cluster", matches = "true")
final class MoveIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    private static final Path STATE = HOME.resolve("cli/target/move");
    private static final LakeCommand LAKE = new LakeCommand(HOME, STATE);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();

    @AfterAll
    static void stop() throws Exception {
        LAKE.run("down").succeeded();
    }

    @Test
    void everyRowAndLedgerIsKeptAndBuildsGoOn() throws Exception {
        LAKE.startAnew();
        LAKE.run("demo", "bookstore").succeeded();
        Map<String, String> tables = tables();
        Map<String, String> ledgers = ledgers();
        List<JsonNode> plan = plan();
        long landed = landed();
        assertThat(tables)
                .containsKeys(
                        "raw.bookstore",
                        "trusted.customers",
                        "trusted.books",
                        "gold.country_statistics",
                        "quarantine.trusted_customers");
        assertThat(ledgers).anySatisfy((file, content) -> assertThat(file).startsWith("raw.bookstore/"));
        assertThat(plan)
                .isNotEmpty()
                .allSatisfy(date ->
                        assertThat(date.path("status").asText()).as("%s", date).isEqualTo("fresh"));

        LAKE.run("down").succeeded();
        LAKE.run("up", "--profile", "cluster", "--move", "--only", "storage,kafka,trino,spark")
                .succeeded();
        assertThat(plan()).isEqualTo(plan);
        assertThat(ledgers()).isEqualTo(ledgers);
        assertThat(tables()).isEqualTo(tables);

        // The same events again, built by executors: the landing goes on behind its last offset, and tables stay right.
        LAKE.run("demo", "bookstore").succeeded();
        assertThat(landed()).isEqualTo(2 * landed);
        assertThat(checksum("gold.country_statistics")).isEqualTo(tables.get("gold.country_statistics"));
        Map<String, String> since = ledgers();
        assertThat(since).containsAllEntriesOf(ledgers).hasSizeGreaterThan(ledgers.size());

        // With the servers that nothing here needs, too, as the steps of the page start them.
        LAKE.run("up").succeeded();
        assertThat(memoryBytes()).isBetween(1L << 30, Profile.CLUSTER.memoryBytes());
    }

    /** Of all servers together. */
    private static long memoryBytes() throws IOException, InterruptedException {
        long bytes = 0;
        for (JsonNode server : Json.mapper()
                .readTree(LAKE.run("status", "--output", "json").succeeded().out())
                .path("servers")) {
            boolean hasOwnStart =
                    List.of("live", "connect").contains(server.path("name").asText());
            assertThat(server.path("condition").asText()).as("%s", server).isEqualTo(hasOwnStart ? "STOPPED" : "READY");
            bytes += server.path("memory_bytes").asLong();
        }
        return bytes;
    }

    /** Row count and hash of all tables and views, by name; the order of the rows does not matter. */
    private static Map<String, String> tables() throws IOException, SQLException {
        Map<String, String> tables = new TreeMap<>();
        for (String name : column("SELECT table_schema || '.' || table_name FROM information_schema.tables"
                + " WHERE table_schema IN ('raw', 'trusted', 'gold', 'quarantine')")) {
            tables.put(name, checksum(name));
        }
        return tables;
    }

    private static String checksum(String table) throws IOException, SQLException {
        String row = column("DESCRIBE " + table).stream()
                .map(column -> '"' + column + '"')
                .collect(Collectors.joining(", "));
        return column("SELECT format('%%s rows %%s', count(*), to_hex(checksum(ROW(%s)))) FROM %s"
                        .formatted(row, table))
                .get(0);
    }

    private static long landed() throws IOException, SQLException {
        return Long.parseLong(
                column("SELECT CAST(count(*) AS varchar) FROM raw.bookstore").get(0));
    }

    /** The texts of a query's only column. */
    private static List<String> column(String sql) throws IOException, SQLException {
        Target target = Json.mapper().readValue(STATE.resolve("target.json").toFile(), Target.class);
        Properties user = new Properties();
        user.setProperty("user", "test");
        List<String> texts = new ArrayList<>();
        try (Connection trino = DriverManager.getConnection(target.trino(), user);
                Statement statement = trino.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                texts.add(answer.getString(1));
            }
        }
        return texts;
    }

    /** All dates that are built or could be, and how they stand. */
    private static List<JsonNode> plan() throws IOException, InterruptedException {
        List<JsonNode> dates = new ArrayList<>();
        Json.mapper()
                .readTree(LAKE.run("plan", "bookstore", "--output", "json")
                        .succeeded()
                        .out())
                .path("dates")
                .forEach(dates::add);
        return dates;
    }

    /** Entries and snapshots of the ledgers of tables, by table and file. */
    private static Map<String, String> ledgers() throws IOException, InterruptedException {
        Map<String, String> ledgers = new TreeMap<>();
        for (String table : names("/lake/_ledger")) {
            for (String file : names("/lake/_ledger/" + table)) {
                if (file.matches("[0-9]{12}\\.(json|snapshot)")) {
                    ledgers.put(table + "/" + file, text(hdfs("/lake/_ledger/" + table + "/" + file, "OPEN")));
                }
            }
        }
        return ledgers;
    }

    private static List<String> names(String folder) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        Json.mapper()
                .readTree(hdfs(folder, "LISTSTATUS"))
                .path("FileStatuses")
                .path("FileStatus")
                .forEach(file -> names.add(file.path("pathSuffix").asText()));
        return names;
    }

    /** One character for each byte, so that no byte is lost. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] hdfs(String path, String operation) throws IOException, InterruptedException {
        URI address = URI.create(
                WebHdfs.of(STATE).of(path) + "?op=" + operation + "&user.name=" + System.getProperty("user.name"));
        HttpResponse<byte[]> answer =
                HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }
}
