package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The packaged whole on the real servers: one stack, one story, in order. */
@Order(3)
@ExtendWith({DemoStack.class, WarmRuns.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LakeIT {
    private static final Path HOME = DemoStack.HOME;
    private static final Path STATE = DemoStack.STATE;
    private static final LakeCommand LAKE = DemoStack.LAKE;
    private static final int EVENTS = 1000;
    private static final String DAY = "2024-01-01";

    @Test
    @Order(1)
    void theDemoPrintsGoldAndUrls() throws Exception {
        assertThat(DemoStack.printed())
                .contains("gold.clickstream_daily on " + DAY, "gold.grouped_insights on " + DAY)
                .contains(target().trino().replace("jdbc:trino://", "http://").replace("/lake", ""));
    }

    @Test
    @Order(2)
    void everyEventOfTheApiIsCountedOnceFromRawToGold() throws Exception {
        assertThat(count("raw.appclickstream")).isEqualTo(EVENTS);
        assertThat(number("SELECT count(*) FROM (SELECT DISTINCT partition, \"offset\" FROM raw.appclickstream)"))
                .isEqualTo(EVENTS);
        assertThat(count("trusted.appclickstream")).isEqualTo(EVENTS);
        assertThat(number("SELECT sum(events) FROM gold.clickstream_daily")).isEqualTo(EVENTS);
        assertThat(number("SELECT sum(views + clicks + submits) FROM gold.clickstream_pages"))
                .isEqualTo(EVENTS);
    }

    @Test
    @Order(2)
    void everyAnswerOfTheApiIsCountedOnceFromRawToGold() throws Exception {
        HttpResponse<String> answer = get(api("/v1/random/insights?date=" + DAY + "&count=1000"));
        JsonNode events = Json.mapper().readTree(answer.body());
        assertThat(query("SELECT body FROM raw.insights WHERE date = DATE '" + DAY + "'")
                        .get(0)
                        .get("body")
                        .asText())
                .isEqualTo(answer.body());
        Map<String, Long> expected = new java.util.TreeMap<>();
        events.forEach(e -> expected.merge(e.get("event_name").asText(), 1L, Long::sum));
        Map<String, Long> gold = new java.util.TreeMap<>();
        query("SELECT event_name, events FROM gold.grouped_insights WHERE date = DATE '" + DAY + "'")
                .forEach(r ->
                        gold.put(r.get("event_name").asText(), r.get("events").asLong()));
        assertThat(gold).isEqualTo(expected);
    }

    @Test
    @Order(2)
    void everyEventOfTheLandingFolderThatAirflowFedIsCountedOnce() throws Exception {
        String answer =
                get(api("/v1/random/insights?date=" + DAY + "&count=1000")).body();
        assertThat(new AirflowStack(STATE).file("/landing/insights/date=" + DAY + "/insights.json"))
                .isEqualTo(answer);
        assertThat(query("SELECT body FROM raw.landed_insights WHERE date = DATE '" + DAY + "'"))
                .extracting(row -> row.get("body").asText())
                .containsExactly(answer);
        assertThat(number("SELECT count(*) FROM trusted.landed_insights WHERE date = DATE '" + DAY + "'"))
                .isEqualTo(1000);
    }

    @Test
    @Order(2)
    void confluentsOwnClientReadsTheTopicBack() throws Exception {
        List<JsonNode> values = DemoStack.readByConfluentsClient("appclickstream");
        Set<String> read = new HashSet<>();
        for (JsonNode value : values) {
            read.add(event(value, OffsetDateTime.parse(value.get("event_time").asText())));
        }
        Set<String> sent = new HashSet<>();
        for (JsonNode row : query("SELECT username, page, event_name, to_iso8601(event_time) AS event_time"
                + " FROM trusted.appclickstream")) {
            sent.add(event(row, OffsetDateTime.parse(row.get("event_time").asText() + "Z")));
        }
        assertThat(values).hasSize(EVENTS);
        assertThat(read).isEqualTo(sent);
    }

    @Test
    @Order(3)
    void theDemoAgainAddsNothing() throws Exception {
        String before = LAKE.call("query", "SELECT * FROM gold.clickstream_pages ORDER BY 1, 2", "--output", "csv")
                .succeeded()
                .out();
        assertThat(LAKE.run("demo", "--no-live").succeeded().err()).contains("has its " + EVENTS + " events");
        assertThat(count("raw.appclickstream")).isEqualTo(EVENTS);
        assertThat(number("SELECT count(*) FROM trusted.landed_insights WHERE date = DATE '" + DAY + "'"))
                .isEqualTo(1000);
        assertThat(LAKE.call("query", "SELECT * FROM gold.clickstream_pages ORDER BY 1, 2", "--output", "csv")
                        .succeeded()
                        .out())
                .isEqualTo(before);
    }

    @Test
    @Order(4)
    void aBackfillFillsEachDateOfItsRange() throws Exception {
        LAKE.call("backfill", "insights", "--from", "2024-01-01", "--to", "2024-02-01")
                .succeeded();
        List<JsonNode> dates = query("SELECT date, sum(events) AS events FROM gold.grouped_insights"
                // The schedule has built yesterday besides.
                + " WHERE date < DATE '2024-03-01' GROUP BY date ORDER BY date");
        assertThat(dates)
                .hasSize(31)
                .allSatisfy(r -> assertThat(r.get("events").asLong()).isEqualTo(1000));
        assertThat(dates.get(30).get("date").asText()).isEqualTo("2024-01-31");
    }

    @Test
    @Order(5)
    void undecodableMessagesAreQuarantinedWithTheirReason() throws Exception {
        produce(new byte[] {9, 0, 0, 0, 1, 2}, new byte[] {0, 0, 0}, new byte[] {0, 0, 15, 66, 64, 2}, new byte[] {
            0, 0, 0, 0, 1, 2, 65
        });
        LAKE.call("run", "raw.appclickstream", "--date", DAY).succeeded();
        List<JsonNode> rows = query("SELECT rule, count(*) AS rows FROM quarantine.raw_appclickstream GROUP BY rule");
        assertThat(rows).allSatisfy(r -> assertThat(r.get("rows").asInt()).isEqualTo(1));
        assertThat(rows).extracting(r -> r.get("rule").asText()).hasSize(4).contains("bad_magic", "unknown_schema_id");
        assertThat(count("raw.appclickstream")).isEqualTo(EVENTS);
    }

    @Test
    @Order(9)
    void schemasMayAddWidenRenameAndDropFields() throws Exception {
        Path project = Files.createTempDirectory(STATE, "project");
        Path pipeline = Files.createDirectories(project.resolve("pipelines/evolving"));
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
                pipeline: evolving
                description: A topic whose schema changes.
                owner: tests
                schedule: none
                start_date: 2024-05-01
                tables:
                  raw.evolving:
                    landing:
                      kafka: {topics: [evolving], start: earliest, format: avro}
                  trusted.evolving:
                    daily: {sql: evolving.sql}
                """);
        Files.writeString(
                pipeline.resolve("evolving.sql"),
                "SELECT value.id, value.client, value.note, value.channel FROM raw.evolving WHERE date = {run_date}");
        String client = "{\"name\": \"client\", \"type\": \"string\", \"aliases\": [\"customer\"]}";
        String channel = "{\"name\": \"channel\", \"type\": [\"null\", \"string\"], \"default\": null}";
        String note = "{\"name\": \"note\", \"type\": \"string\"}";
        List<List<String>> versions = List.of(
                List.of(
                        "{\"name\": \"id\", \"type\": \"int\"}",
                        "{\"name\": \"customer\", \"type\": \"string\"}",
                        note),
                List.of("{\"name\": \"id\", \"type\": \"long\"}", client, note, channel),
                List.of("{\"name\": \"id\", \"type\": \"long\"}", client, channel));
        List<List<Object>> values = List.of(
                List.of(1L, "ana", "first"), List.of(1L << 40, "bia", "second", 1L, "web"), List.of(3L, "caio", 0L));
        try (Admin admin = Admin.create(new java.util.HashMap<String, Object>(target().kafka()))) {
            // Records of 2024 are old enough to expire at once.
            NewTopic topic = new NewTopic("evolving", 1, (short) 1).configs(Map.of("retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get();
        }
        for (int version = 0; version < versions.size(); version++) {
            HttpResponse<String> registered = send(
                    URI.create(target().registry().get("schema.registry.url") + "/subjects/evolving-value/versions"),
                    Json.mapper()
                            .writeValueAsString(Map.of(
                                    "schema",
                                    "{\"type\": \"record\", \"name\": \"evolving\", \"fields\": "
                                            + versions.get(version) + "}")));
            assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
            int id = Json.mapper().readTree(registered.body()).get("id").asInt();
            long noon = java.time.Instant.parse("2024-05-0" + (version + 1) + "T12:00:00Z")
                    .toEpochMilli();
            produce(new ProducerRecord<>("evolving", 0, noon, null, avro(id, values.get(version))));
            LAKE.call("run", "raw.evolving", "--project", project.toString(), "--date", "2024-05-01")
                    .succeeded();
        }
        LAKE.call(
                        "run",
                        "trusted.evolving",
                        "--project",
                        project.toString(),
                        "--from",
                        "2024-05-01",
                        "--to",
                        "2024-05-04")
                .succeeded();
        List<String> expected = List.of("1 ana first -", "1099511627776 bia second web", "3 caio - -");
        for (String rows : List.of(
                "SELECT date, value.id, value.client, value.note, value.channel FROM raw.evolving",
                "SELECT date, id, client, note, channel FROM trusted.evolving")) {
            assertThat(query(
                            "SELECT array_join(ARRAY[CAST(id AS varchar), client, note, channel], ' ', '-') AS row FROM ("
                                    + rows + ") AS t (date, id, client, note, channel) ORDER BY date"))
                    .extracting(row -> row.get("row").asText())
                    .isEqualTo(expected);
        }
    }

    /** Confluent's framing round longs and strings, as Avro encodes them; a union's branch is a long. */
    private static byte[] avro(int schema, List<Object> values) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        bytes.write(0);
        bytes.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(schema).array());
        for (Object value : values) {
            if (value instanceof String text) {
                byte[] utf = text.getBytes(StandardCharsets.UTF_8);
                zigzag(bytes, utf.length);
                bytes.writeBytes(utf);
            } else {
                zigzag(bytes, (Long) value);
            }
        }
        return bytes.toByteArray();
    }

    private static void zigzag(java.io.ByteArrayOutputStream bytes, long value) {
        long rest = value << 1 ^ value >> 63;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            bytes.write((int) (rest & 0x7F | 0x80));
        }
        bytes.write((int) rest);
    }

    @Test
    @Order(10)
    void aLateEventMakesItsDateDueAndNothingElse() throws Exception {
        LAKE.call("run", "--due", "clickstream").succeeded();
        long before = number("SELECT count(*) FROM trusted.appclickstream WHERE date = DATE '" + DAY + "'");
        post("{\"username\":\"late\",\"page\":\"/\",\"event_name\":\"view\",\"event_time\":\"" + DAY + "T23:00:00Z\"}");
        LAKE.call("run", "raw.appclickstream", "--date", DAY).succeeded();

        assertThat(due())
                .containsExactly(
                        "trusted.appclickstream 2024-01-01",
                        "gold.clickstream_windows 2024-01-01",
                        "gold.clickstream_daily 2024-01-01");
        LAKE.call("run", "--due", "clickstream").succeeded();

        assertThat(due()).isEmpty();
        assertThat(number("SELECT count(*) FROM trusted.appclickstream WHERE date = DATE '" + DAY + "'"))
                .isEqualTo(before + 1);
    }

    /** Dates of the pipeline clickstream that the plan does not call fresh. */
    private static List<String> due() throws Exception {
        List<String> due = new ArrayList<>();
        Json.mapper()
                .readTree(LAKE.call("plan", "clickstream", "--output", "json")
                        .succeeded()
                        .out())
                .get("dates")
                .forEach(date -> {
                    if (!date.get("status").asText().equals("fresh")) {
                        due.add(date.get("table").asText() + " "
                                + date.get("date").asText());
                    }
                });
        return due;
    }

    @Test
    @Order(11)
    void opsTellsWhatTheLedgersHold() throws Exception {
        List<String> ledgers = new ArrayList<>();
        for (String table : List.of("raw.appclickstream", "trusted.appclickstream", "gold.grouped_insights")) {
            new AirflowStack(STATE)
                    .ledger(table)
                    .forEach(commit -> ledgers.add(table + " " + commit.get("sequence") + " "
                            + commit.get("run_id").asText() + " "
                            + commit.get("balance").get("written") + " "
                            + commit.get("balance").get("quarantined")));
        }
        assertThat(query(
                        "SELECT concat_ws(' ', table_name, CAST(sequence AS varchar), run_id, CAST(written AS varchar),"
                                + " CAST(quarantined AS varchar)) AS line FROM ops.commits WHERE table_name IN"
                                + " ('raw.appclickstream', 'trusted.appclickstream', 'gold.grouped_insights')"))
                .extracting(row -> row.get("line").asText())
                .containsExactlyInAnyOrderElementsOf(ledgers);
        assertThat(number("SELECT sum(quarantined) FROM ops.commits WHERE table_name = 'raw.appclickstream'"))
                .isEqualTo(count("quarantine.raw_appclickstream"));
        assertThat(number("SELECT sum(e.failed) FROM ops.expectations e JOIN ops.freshness f"
                        + " ON e.table_name = f.table_name AND e.date = f.date AND e.sequence = f.sequence"
                        + " WHERE e.table_name = 'trusted.insights' AND e.expectation = 'known_event'"))
                .isEqualTo(number("SELECT sum(quarantined) FROM ops.commits WHERE table_name = 'trusted.insights'"));
        assertThat(number("SELECT count(*) FROM ops.freshness WHERE table_name = 'gold.clickstream_daily'"
                        + " AND date = DATE '" + DAY + "' AND status = 'fresh'"))
                .isEqualTo(1);
        assertThat(number("SELECT count(*) FROM ops.runs WHERE dag = 'insights' AND outcome = 'committed'"))
                .isPositive();
    }

    @Test
    @Order(11)
    void badArgumentsEndWithStatusTwoAndChangeNothing() throws Exception {
        for (String date : List.of("2024-02-30", "", "2024-01-01'; DROP TABLE x", "$(touch pwned)")) {
            LakeCommand.Result result = LAKE.run("run", "insights", "--date", date);
            assertThat(result.status()).as(date).isEqualTo(2);
            assertThat(result.err()).as(date).isNotBlank();
        }
        assertThat(LAKE.call("run", "nonesuch", "--date", DAY).status()).isEqualTo(2);
        assertThat(HOME.resolve("pwned")).doesNotExist();
        assertThat(send(api("/v1/topics/..%2Fx"), "{}").statusCode()).isEqualTo(400);
        HttpResponse<String> misfit = send(api("/v1/topics/appclickstream"), "{\"username\": 5}");
        assertThat(misfit.statusCode()).isEqualTo(422);
        assertThat(misfit.body()).contains("/username");
        assertThat(LAKE.call("credentials").succeeded().out()).contains("api       token " + token());
        HttpResponse<String> foreign = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(api("/v1/topics/appclickstream"))
                                .header("Authorization", "Bearer x" + token())
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(foreign.statusCode()).isEqualTo(401);
        HttpResponse<String> batch = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(api("/v1/topics/appclickstream/batch"))
                                .header("Content-Type", "application/x-ndjson")
                                .header("Authorization", "Bearer " + token())
                                .POST(HttpRequest.BodyPublishers.ofString("{}\nNaN\n" + "[".repeat(10_000)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(batch.statusCode()).isEqualTo(207);
        assertThat(batch.body()).contains("{\"line\":1,\"status\":422", "{\"line\":2,\"status\":400", "{\"line\":3,");
    }

    @Test
    @Order(12)
    void rowsGetOutOfQuarantineAndDatesGoBackWithoutALoss() throws Exception {
        long raw = count("raw.appclickstream");
        long kept = count("quarantine.raw_appclickstream");
        int last = registerWith("marker");
        // Names the schema that will be registered next.
        long noon = java.time.Instant.parse(DAY + "T12:00:00Z").toEpochMilli();
        produce(avro(last + 1, List.of(0L, 0L, "early", "/", "click", noon)));
        LAKE.call("run", "raw.appclickstream", "--date", DAY).succeeded();
        assertThat(count("quarantine.raw_appclickstream")).isEqualTo(kept + 1);
        assertThat(registerWith("campaign")).isEqualTo(last + 1);

        JsonNode replay = lines("quarantine", "replay", "raw.appclickstream").get(0);

        // Only what can be landed now is read from quarantine; the rest stays as it is.
        assertThat(replay.get("read").asLong()).isEqualTo(1);
        assertThat(replay.get("written").asLong()).isEqualTo(1);
        assertThat(count("raw.appclickstream")).isEqualTo(raw + 1);
        assertThat(count("quarantine.raw_appclickstream")).isEqualTo(kept);
        assertThat(lines("quarantine", "list", "raw.appclickstream")).hasSize((int) kept);

        LAKE.call("run", "--due", "clickstream").succeeded();
        String rows = "SELECT count(*) FROM trusted.appclickstream WHERE date = DATE '" + DAY + "'";
        long built = number(rows);
        LAKE.call("rollback", "trusted.appclickstream", "--date", DAY).succeeded();
        assertThat(number(rows)).isEqualTo(built - 1);
        assertThat(due()).contains("gold.clickstream_daily " + DAY);
        LAKE.call("run", "--due", "clickstream").succeeded();
        assertThat(number(rows)).isEqualTo(built);

        assertThat(lines("compact", "raw.appclickstream")).isNotEmpty();
        assertThat(count("raw.appclickstream")).isEqualTo(raw + 1);
        assertThat(due()).isEmpty();
    }

    /** Registers the topic's schema with two optional fields in front, the first of this name; gives its id. */
    private static int registerWith(String field) throws IOException, InterruptedException {
        String optional = "{\"name\": \"%s\", \"type\": [\"null\", \"string\"], \"default\": null},";
        String schema = Files.readString(HOME.resolve("pipelines/clickstream/appclickstream.avsc"))
                .replaceFirst(
                        "\"fields\": \\[", "\"fields\": [" + optional.formatted(field) + optional.formatted("medium"));
        HttpResponse<String> registered = send(
                URI.create(target().registry().get("schema.registry.url") + "/subjects/appclickstream-value/versions"),
                Json.mapper().writeValueAsString(Map.of("schema", schema)));
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
        return Json.mapper().readTree(registered.body()).get("id").asInt();
    }

    /** What a command says that it did. */
    private static List<JsonNode> lines(String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--output", "json"));
        List<JsonNode> lines = new ArrayList<>();
        Json.mapper()
                .readTree(LAKE.call(words.toArray(new String[0])).succeeded().out())
                .get("tables")
                .forEach(lines::add);
        return lines;
    }

    @Test
    @Order(13)
    void randomEventsAreReadBackDecoded() throws Exception {
        String begin = java.time.Instant.now().toString();
        LAKE.run("spam", "appclickstream", "--count", "20", "--delay", "0").succeeded();
        List<String> lines = LAKE.run("topic", "tail", "appclickstream", "--from", begin, "--count", "20")
                .succeeded()
                .out()
                .lines()
                .toList();
        assertThat(lines).hasSize(20);
        for (String line : lines) {
            JsonNode message = Json.mapper().readTree(line);
            assertThat(message.get("topic").asText()).isEqualTo("appclickstream");
            assertThat(message.path("value").path("event_name").asText())
                    .as(line)
                    .isIn("click", "view", "submit");
        }
        assertThat(LAKE.run("topic", "tail", "nonesuch").err()).contains("There are: ", "appclickstream");
        LakeCommand.Result unknown = LAKE.run("spam", "nonesuch", "--count", "1");
        assertThat(unknown.status()).as(unknown.err()).isEqualTo(2);
    }

    private static void produce(byte[]... values) throws IOException, InterruptedException, ExecutionException {
        for (byte[] value : values) {
            produce(new ProducerRecord<>("appclickstream", value));
        }
    }

    private static void produce(ProducerRecord<byte[], byte[]> event)
            throws IOException, InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                new java.util.HashMap<>(target().kafka()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(event).get();
        }
    }

    private static void post(String event) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(api("/v1/topics/appclickstream"), event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static HttpResponse<String> send(URI uri, String json) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer " + token())
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String token() throws IOException {
        return Json.mapper()
                .readTree(STATE.resolve("credentials.json").toFile())
                .get("api/token")
                .asText();
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static URI api(String path) throws IOException {
        return URI.create(target().variables().get("EVENTS_API") + path);
    }

    private static Target target() throws IOException {
        return DemoStack.target();
    }

    private static long count(String table) throws Exception {
        return number("SELECT count(*) FROM " + table);
    }

    private static long number(String sql) throws Exception {
        return query(sql).get(0).elements().next().asLong();
    }

    private static List<JsonNode> query(String sql) throws Exception {
        return DemoStack.query(sql);
    }

    private static String event(JsonNode row, OffsetDateTime time) {
        return row.get("username").asText() + " " + row.get("page").asText() + " "
                + row.get("event_name").asText() + " " + time.toInstant();
    }
}
