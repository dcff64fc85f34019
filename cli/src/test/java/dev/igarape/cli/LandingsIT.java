package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.cli.e2e.DemoStack;
import dev.igarape.cli.e2e.WarmRuns;
import dev.igarape.cli.e2e.WebHdfs;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project of a user's own on the demo's stack: landings of files, of JSON and of Avro from Kafka and of a database, schemas
 * that change, a target beside the other, and retention.
 */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
final class LandingsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final HttpClient FOLLOWING =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();

    @TempDir
    private Path folder;

    private final CommandLineHarness lake = CommandLineHarness.on(DemoStack.STATE);
    /** What Airflow schedules. */
    private String deployed;

    @Test
    void filesAndJsonMessagesCanBeQueried() throws Exception {
        deployed = Files.readString(lake.workspace().manifest());
        String project = folder.resolve("project").toString();
        write("pipeline.yaml", """
            pipeline: shop
            owner: tests
            schedule: "@daily"
            start_date: 2024-01-01
            tables:
              raw.prices:
                landing: {files: {path: "/landing/prices/{date}/*.csv", format: csv, delimiter: ";"}}
              raw.notes:
                landing: {files: {path: "/landing/notes/{date}/*.json", format: json}}
              raw.clicks:
                landing: {kafka: {topics: [clicks], format: json, event_time: at}}
              raw.blobs:
                landing: {kafka: {topics: [clicks], format: bytes}}
              trusted.prices:
                daily: {sql: prices.sql}
                columns: {id: int, price: "decimal(9,2)"}
              gold.totals:
                view: {sql: totals.sql, from: [trusted.prices]}
            """);
        Files.writeString(folder.resolve("project/targets.yaml"), "dev: {extends: local, prefix: dev_}\n");
        write(
                "totals.sql",
                "SELECT date, 'trusted.prices' AS source, sum(prices.price) AS total FROM trusted.prices GROUP BY"
                        + " date");
        write(
                "prices.sql",
                "SELECT CAST(row['id'] AS INT) AS id, CAST(row['price'] AS DECIMAL(9,2)) AS price FROM raw.prices");
        put("/landing/prices/2024-01-01/a.csv", "id;price\n1;2.50\n2;\"0.50\"\n3;\"open\n4;7.00\n");
        String large = "{\"text\": \"" + "x".repeat(10 << 20) + "\"}";
        put(
                "/landing/notes/2024-01-01/a.json",
                String.join(
                        "\n",
                        "{\"text\": \"água\"}",
                        "nonsense",
                        "NaN",
                        "[".repeat(10_000) + "]".repeat(10_000),
                        large));
        send(
                "clicks",
                bytes("{\"at\": \"2024-01-01T12:00:00Z\", \"page\": \"/\"}"),
                bytes("{\"at\": \"2024-01-01T13:00:00Z\""),
                bytes("{\"at\": 1704200400000}"));

        run(project);
        assertThat(lake.query("SELECT id, CAST(price AS VARCHAR) AS price FROM trusted.prices ORDER BY id"))
                .hasToString(
                        "[{\"id\":1,\"price\":\"2.50\"},{\"id\":2,\"price\":\"0.50\"},{\"id\":4,\"price\":\"7.00\"}]");
        assertThat(lake.query(
                        "SELECT line, row['id'] AS id FROM raw.prices WHERE date = DATE '2024-01-01' ORDER BY line"))
                .hasToString("[{\"line\":2,\"id\":\"1\"},{\"line\":3,\"id\":\"2\"},{\"line\":5,\"id\":\"4\"}]");
        assertThat(lake.query("SELECT rule, \"offset\" AS line, from_utf8(value) AS text FROM quarantine.raw_prices"))
                .hasToString("[{\"rule\":\"broken_quotes\",\"line\":4,\"text\":\"3;\\\"open\"}]");
        assertThat(lake.query(
                        "SELECT json_extract_scalar(body, '$.text') AS text FROM raw.notes WHERE length(body) < 99"))
                .hasToString("[{\"text\":\"água\"}]");
        assertThat(lake.query("SELECT max(length(body)) AS longest FROM raw.notes"))
                .hasToString("[{\"longest\":" + large.length() + "}]");
        assertThat(lake.query("SELECT \"offset\" AS line, rule FROM quarantine.raw_notes ORDER BY 1"))
                .hasToString("[{\"line\":2,\"rule\":\"not_json\"},{\"line\":3,\"rule\":\"not_json\"},"
                        + "{\"line\":4,\"rule\":\"not_json\"}]");
        assertThat(lake.query(
                        "SELECT date, json_extract_scalar(value, '$.page') AS page FROM raw.clicks ORDER BY date"))
                .hasToString("[{\"date\":\"2024-01-01\",\"page\":\"/\"},{\"date\":\"2024-01-02\",\"page\":null}]");
        assertThat(lake.query("SELECT rule FROM quarantine.raw_clicks")).hasToString("[{\"rule\":\"not_json\"}]");
        assertThat(lake.query("SELECT count(*) AS blobs, max(length(value)) AS longest FROM raw.blobs"))
                .hasToString("[{\"blobs\":3,\"longest\":43}]");

        // The file is mended: its rows are replaced, its quarantine is emptied, and the date is built again.
        put("/landing/prices/2024-01-01/a.csv", "id;price\n1;2.50\n2;0.50\n3;1.00\n4;7.00\n");
        run(project);
        assertThat(lake.query("SELECT count(*) AS n, CAST(sum(price) AS VARCHAR) AS total FROM trusted.prices"))
                .hasToString("[{\"n\":4,\"total\":\"11.00\"}]");
        assertThat(lake.query("SELECT count(*) AS n FROM raw.prices")).hasToString("[{\"n\":4}]");
        assertThat(lake.query("SELECT count(*) AS n FROM quarantine.raw_prices"))
                .hasToString("[{\"n\":0}]");
        assertThat(lake.query("SELECT count(*) AS n FROM raw.blobs")).hasToString("[{\"n\":3}]");

        aRunOnDevLeavesTheOtherTargetAsItWas(project);
        aDateIsReadAsItsColumnsAreNow(project);
        aSchemaIsRegisteredOnlyWhenEveryEngineReadsOldAndNew();
        aDatabaseIsLandedAndGivenUpWhenItsTimeIsOver();
        twelveFaultsAreToldAtOnce();
    }

    private void twelveFaultsAreToldAtOnce() throws Exception {
        Path pipeline = Files.createDirectories(folder.resolve("faulty/pipelines/shop"));
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
            pipeline: shop
            owner: tests
            descripton: Orders of the shop.
            schedule: "@dayly"
            start_date: 2024-02-30
            timezone: America/Sao_Paolo
            tables:
              raw._orders:
                landing: {kafka: {topics: [orders]}}
              raw.orders:
                landing: {kafka: {topics: [../orders]}}
                retention: a week
              trusted.orders:
                daily: {sql: orders.sql}
                columns: {id: bigit}
                expect:
                  positive: {check: "amount >", on_fail: quarantin}
            """);
        Files.writeString(pipeline.resolve("orders.sql"), "SELECT o.id,\n  now() AS seen\nFROM raw.order AS o\n");
        CommandLineHarness.Outcome refused =
                lake.run("compile", "--project", folder.resolve("faulty").toString());
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("The project does not compile: 12 faults.");
        assertThat(refused.err().lines().filter(line -> line.contains("pipelines/shop/")))
                .hasSize(12);
    }

    private void aDatabaseIsLandedAndGivenUpWhenItsTimeIsOver() throws Exception {
        Path pipeline = Files.createDirectories(folder.resolve("sql/pipelines/sql"));
        String[] sql = {"--project", folder.resolve("sql").toString(), "--target", "sql"};
        Files.writeString(folder.resolve("sql/targets.yaml"), """
            sql:
              extends: local
              prefix: sql_
              variables: {SHOP_DB: "jdbc:postgresql://127.0.0.1:%s/shop", SHOP_PASSWORD: "%s"}
            """.formatted(
                        lake.file("ports.json").get("postgres"),
                        lake.file("credentials.json").get("postgres/lake")));
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
            pipeline: sql
            owner: tests
            schedule: none
            start_date: 2023-01-01
            tables:
              raw.pages:
                landing: {jdbc: {url: "${SHOP_DB}", user: lake, password: "${SHOP_PASSWORD}", table: pages}}
                retention: 7 days
              raw.launches:
                landing: {jdbc: {url: "${SHOP_DB}", user: lake, password: "${SHOP_PASSWORD}", table: pages, by: launched}}
            """);
        lake.succeed(words(sql, "run", "sql", "--date", "2023-01-15"));
        String rows = "SELECT page, owner, launched FROM %s ORDER BY page";
        JsonNode pages = lake.query(rows.formatted("postgresql.public.pages"));
        assertThat(pages).hasSize(14);
        assertThat(lake.query(rows.formatted("sql_raw.pages"))).isEqualTo(pages);
        assertThat(lake.query("SELECT page FROM sql_raw.launches ORDER BY page"))
                .hasToString("[{\"page\":\"/products\"},{\"page\":\"/products/canoes\"}]");

        assertThat(lake.succeed(words(sql, "retention")).out()).contains("Nothing has been kept for longer");
        commitEightDaysAgo("sql_raw.pages");
        commitEightDaysAgo("sql_raw.launches");
        assertThat(lake.succeed(words(sql, "retention", "--dry-run")).out()).contains("expired after 7 days");
        assertThat(lake.query(rows.formatted("sql_raw.pages"))).hasSize(14);
        lake.succeed(words(sql, "retention"));
        assertThat(lake.query(rows.formatted("sql_raw.pages"))).isEmpty();
        assertThat(lake.query(rows.formatted("sql_raw.launches"))).hasSize(2);
    }

    private static String[] words(String[] options, String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(options));
        return words.toArray(new String[0]);
    }

    /** Has a table's first commit say that it was made eight days earlier, since no test waits for that long. */
    private void commitEightDaysAgo(String table) throws Exception {
        String entry = "/lake/_ledger/" + table + "/000000000001.json";
        HttpRequest open =
                HttpRequest.newBuilder(URI.create(web(entry) + "?op=OPEN")).build();
        ObjectNode commit = (ObjectNode) Json.mapper()
                .readTree(FOLLOWING
                        .send(open, HttpResponse.BodyHandlers.ofString())
                        .body());
        Instant earlier = Instant.parse(commit.get("committed_at").asText()).minus(Duration.ofDays(8));
        put(entry, commit.put("committed_at", earlier.toString()).toString());
    }

    private void aDateIsReadAsItsColumnsAreNow(String project) throws Exception {
        Path pipeline = folder.resolve("project/pipelines/shop");
        write(
                "pipeline.yaml",
                Files.readString(pipeline.resolve("pipeline.yaml"))
                        .replace("{id: int, price: \"decimal(9,2)\"}", "{id: bigint, price: \"decimal(20,2)\"}"));
        write("prices.sql", Files.readString(pipeline.resolve("prices.sql")).replace("INT", "BIGINT"));
        put("/landing/prices/2024-01-02/a.csv", "id;price\n3000000000;1.00\n");

        lake.succeed("run", "raw.prices+", "--date", "2024-01-02", "--project", project);
        assertThat(lake.query("SELECT max(id) AS id, CAST(sum(price) AS VARCHAR) AS total, typeof(max(id)) AS type FROM"
                        + " trusted.prices GROUP BY date ORDER BY date"))
                .hasToString("[{\"id\":4,\"total\":\"11.00\",\"type\":\"bigint\"},"
                        + "{\"id\":3000000000,\"total\":\"1.00\",\"type\":\"bigint\"}]");
    }

    private void aSchemaIsRegisteredOnlyWhenEveryEngineReadsOldAndNew() throws Exception {
        Path pipeline = Files.createDirectories(folder.resolve("placed/pipelines/placed"));
        String project = folder.resolve("placed").toString();
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
            pipeline: placed
            owner: tests
            schedule: none
            start_date: 2024-01-01
            tables:
              raw.placed:
                landing: {kafka: {topics: [placed], partition_by: record_name}}
            """);
        Path file = pipeline.resolve("placed.avsc");
        Files.writeString(file, order("int", ""));
        int id = schema("register", project).get("id").asInt();
        // Zigzag: id 1, then a text of one letter.
        send("placed", new byte[] {0, 0, 0, (byte) (id >> 8), (byte) id, 2, 2, 'a'});
        lake.succeed("run", "raw.placed", "--date", "2024-01-01", "--project", project);
        assertThat(lake.query("SELECT record_name, value.id FROM raw.placed WHERE record_name = 'shop.OrderPlaced'"))
                .hasToString("[{\"record_name\":\"shop.OrderPlaced\",\"id\":1}]");

        Files.writeString(file, order("string", ""));
        CommandLineHarness.Outcome refused =
                lake.run("schema", "register", "placed-value", "--project", project, "--output", "json");
        assertThat(refused.status()).as(refused.out()).isEqualTo(3);
        assertThat(refused.json().get(0).get("changes"))
                .hasToString("[{\"change\":\"changed\",\"field\":\"id\",\"before\":\"int\",\"after\":\"string\"}]");
        assertThat(refused.json().get(0).get("checks"))
                .extracting(check -> check.get("engine").asText())
                .containsExactly("registry", "landing", "spark", "hive", "trino");
        assertThat(refused.json().get(0).get("checks")).allSatisfy(check -> {
            assertThat(check.get("ok").asBoolean()).as(check.toString()).isFalse();
            assertThat(check.get("reason").asText()).isNotBlank();
        });
        assertThat(versions()).isEqualTo("[1]");

        Files.writeString(file, order("long", ", {\"name\": \"paid\", \"type\": \"boolean\", \"default\": false}"));
        assertThat(schema("register", project).get("version").asInt()).isEqualTo(2);
        assertThat(schema("diff", project).get("changes")).isEmpty();
        assertThat(versions()).isEqualTo("[1,2]");
        assertThat(lake.query("SHOW SCHEMAS FROM lake LIKE 'check%'")).isEmpty();
        // Nothing of all this was deployed to Airflow.
        assertThat(lake.workspace().manifest()).hasContent(deployed);
    }

    private static String order(String idType, String more) {
        return """
            {"type": "record", "namespace": "shop", "name": "OrderPlaced", "fields": [
              {"name": "id", "type": "%s"}, {"name": "note", "type": "string"}%s]}""".formatted(idType, more);
    }

    private JsonNode schema(String command, String project) {
        return lake.succeed("schema", command, "placed", "--project", project, "--output", "json")
                .json()
                .get(0);
    }

    private String versions() throws Exception {
        String registry = TargetFile.read(lake.workspace()).registry().get("schema.registry.url");
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry + "/subjects/placed-value/versions"))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body().replace(" ", "");
    }

    private void aRunOnDevLeavesTheOtherTargetAsItWas(String project) throws Exception {
        String asked = "SELECT source, CAST(total AS VARCHAR) AS total FROM gold.totals";
        String local = "[{\"source\":\"trusted.prices\",\"total\":\"11.00\"}]";
        assertThat(lake.query(asked)).hasToString(local);
        String files = lakeFiles();
        assertThat(files).contains("/lake/_ledger/raw.prices/", "/lake/trusted/prices/");
        put("/landing/prices/2024-01-01/b.csv", "id;price\n9;100.00\n");

        lake.succeed("run", "shop", "--date", "2024-01-01", "--project", project, "--target", "dev");
        assertThat(lake.succeed("query", asked, "--project", project, "--target", "dev", "--output", "json")
                        .json())
                .hasToString(local.replace("11.00", "111.00"));
        assertThat(lake.query("SELECT CAST(total AS VARCHAR) AS total FROM dev_gold.totals"))
                .hasToString("[{\"total\":\"111.00\"}]");
        assertThat(lake.query(asked)).hasToString(local);
        assertThat(lakeFiles()).isEqualTo(files);
        assertThat(lakeFiles("/lake/dev_raw")).contains("/lake/dev_raw/prices/");

        CommandLineHarness.Outcome unknown =
                lake.run("run", "shop", "--date", "2024-01-01", "--project", project, "--target", "prod");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("There is no target 'prod'. There are: local, dev.");
    }

    /** Every file of the project's tables and of their ledgers, but those of the target dev. */
    private String lakeFiles() throws Exception {
        StringBuilder files = new StringBuilder();
        for (String table : List.of("raw.prices", "raw.notes", "raw.clicks", "raw.blobs", "trusted.prices")) {
            files.append(lakeFiles("/lake/" + table.replace('.', '/')))
                    .append(lakeFiles("/lake/quarantine/" + table.replace('.', '_')))
                    .append(lakeFiles("/lake/_ledger/" + table));
        }
        return files.toString();
    }

    /** Every file below a folder, with length and time. */
    private String lakeFiles(String below) throws Exception {
        URI uri = URI.create(web(below) + "?op=LISTSTATUS");
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        StringBuilder files = new StringBuilder();
        for (JsonNode entry : Json.mapper().readTree(answer.body()).at("/FileStatuses/FileStatus")) {
            String path = below + "/" + entry.get("pathSuffix").asText();
            files.append(
                    entry.get("type").asText().equals("DIRECTORY")
                            ? lakeFiles(path)
                            : path + " " + entry.get("length") + " " + entry.get("modificationTime") + "\n");
        }
        return files.toString();
    }

    private String web(String path) throws IOException {
        return WebHdfs.of(lake.workspace().state()).of(path);
    }

    private void run(String project) {
        lake.succeed("run", "shop", "--date", "2024-01-01", "--project", project);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("project/pipelines/shop").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void send(String topic, byte[]... values) throws Exception {
        Map<String, Object> properties =
                new HashMap<>(TargetFile.read(lake.workspace()).kafka());
        try (Admin admin = Admin.create(properties)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get();
            }
        }
    }

    /** Puts a file on HDFS. */
    private void put(String path, String text) throws Exception {
        WebHdfs.of(lake.workspace().state()).put(path, bytes(text));
    }
}
