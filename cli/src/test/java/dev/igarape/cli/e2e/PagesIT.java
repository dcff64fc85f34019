package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.DocumentedCommands;
import dev.igarape.cli.DocumentedCommands.Documented;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The documentation's commands, run as they stand there by somebody in a project of their own, a copy of the shipped one. */
@Order(4)
@ExtendWith({DemoStack.class, WarmRuns.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PagesIT {
    private static final Path HOME = DemoStack.HOME;
    private static final Path STATE = DemoStack.STATE;
    private static final String DAY = "2024-01-01";
    /** Lines that are not run as they stand, and why. */
    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            Map.entry("./lake demo", "it has made the stack"),
            Map.entry("./lake demo bookstore", "BookstoreIT runs it"),
            Map.entry("./lake demo retail", "DemosIT runs it"),
            Map.entry("./lake demo users", "DemosIT runs it"),
            Map.entry("./lake demo shop", "DemosIT runs it"),
            Map.entry("./lake test", "it runs this test"),
            Map.entry(
                    "./lake topic tail appclickstream",
                    "it ends only with its reader; docs/start.md runs it with --count"),
            Map.entry("./lake down", "StackIT runs it"),
            Map.entry(
                    "./lake verify gold.clickstream_windows --date 2024-01-01",
                    "it has 280 intervals; another is verified"),
            Map.entry(
                    "./lake reconcile trusted.shop_orders --url '${SHOP_DB}' --user lake --password '${SHOP_PASSWORD}' --source public.shop_orders",
                    "DemosIT runs it"),
            Map.entry(
                    "IGARAPE_ALERT_WEBHOOK=https://chat.example.com/hooks/1 ./lake up",
                    "the address stands for one's own"));

    private static final Set<Path> FOLLOWED = new HashSet<>();
    private static Path project;
    private static LakeCommand lake;

    @BeforeAll
    static void makeAProject() throws Exception {
        project = Files.createTempDirectory(STATE, "pages");
        lake = DemoStack.LAKE.in(project);
        Files.createSymbolicLink(project.resolve("lake"), HOME.resolve("lake"));
        Files.copy(HOME.resolve("targets.yaml"), project.resolve("targets.yaml"));
        List<Path> shipped;
        try (Stream<Path> files = Files.walk(HOME.resolve("pipelines"))) {
            shipped = files.filter(Files::isRegularFile).toList();
        }
        for (Path file : shipped) {
            Path copy = project.resolve(HOME.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    @Test
    @Order(1)
    void startInFiveMinutes() throws Exception {
        // What the page on quarantine looks at.
        produce(new byte[] {0, 0, 0, 0, 1, 2, 65});
        post("{\"username\":\"ana\",\"page\":\"\",\"event_name\":\"view\",\"event_time\":\"" + DAY + "T23:00:00Z\"}");
        long before = number("SELECT count(*) FROM raw.appclickstream WHERE date = DATE '2024-01-02'");
        follow("start.md");
        assertThat(number("SELECT count(*) FROM raw.appclickstream WHERE date = DATE '2024-01-02'"))
                .isEqualTo(before + 1);
    }

    @Test
    @Order(2)
    void everyExampleInSqlPadHasRows() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.list(HOME.resolve("cli/servers/sqlpad/queries"))) {
            examples = files.toList();
        }
        assertThat(examples).hasSizeGreaterThan(5);
        for (Path example : examples) {
            assertThat(DemoStack.query(Files.readString(example)))
                    .as(example.toString())
                    .isNotEmpty();
        }
    }

    @Test
    @Order(3)
    void backfillAndLateData() throws Exception {
        follow("backfill.md");
        follow("late-data.md");
        assertThat(number("SELECT count(*) FROM ops.freshness WHERE status NOT IN ('fresh', 'landed')"
                        + " AND table_name LIKE '%.%clickstream%'"))
                .isZero();
    }

    @Test
    @Order(4)
    void quarantine() throws Exception {
        Page page = page("quarantine.md");
        assertThat(page.next().out()).contains("undecodable").contains("has_page");
        page.rest();
        assertThat(number("SELECT count(*) FROM quarantine.raw_appclickstream WHERE rule = 'undecodable'"))
                .isPositive();
    }

    @Test
    @Order(5)
    void addAPipeline() throws Exception {
        Page page = page("add-a-pipeline.md");
        assertThat(page.next().out()).contains("1 test, 0 failed").contains("gold.kiosk_daily");
        page.rest();
        String visits = "SELECT sum(visits) FROM %sgold.visits_by_page WHERE date = DATE '" + DAY + "'";
        assertThat(number(visits.formatted(""))).isEqualTo(200);
        assertThat(number(visits.formatted("dev_"))).isEqualTo(200);
        AirflowStack airflow = new AirflowStack(STATE);
        AirflowStack.await()
                .untilAsserted(() -> assertThat(airflow.status("admin", "GET", "/api/v2/dags/visits", ""))
                        .isEqualTo(200));
    }

    @Test
    @Order(6)
    void schemaChange() throws Exception {
        long before = number("SELECT count(*) FROM raw.appclickstream WHERE date = DATE '" + DAY + "'");
        Page page = page("schema-change.md");
        String field = page.text("json").strip();
        edit("clickstream/appclickstream.avsc", "\"fields\": [", "\"fields\": [" + field + ",");
        assertThat(page.next().out()).contains("referrer");
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> post("{\"referrer\":\"/news\",\"username\":\"new\",\"page\":\"/\","
                        + "\"event_name\":\"view\",\"event_time\":\"2024-04-01T00:00:00Z\"}"));
        assertThat(page.next().out()).contains("/news");
        assertThat(number("SELECT count(*) FROM raw.appclickstream WHERE value.referrer IS NULL AND date = DATE '" + DAY
                        + "'"))
                .isEqualTo(before);

        edit("clickstream/trusted_appclickstream.sql", "SELECT", "SELECT\n  value.referrer,");
        edit("clickstream/pipeline.yaml", "      username: string", "      username: string\n      referrer: string");
        page.rest();
        assertThat(number("SELECT count(*) FROM trusted.appclickstream WHERE referrer IS NULL AND date = DATE '" + DAY
                        + "'"))
                .isEqualTo(number("SELECT count(*) FROM trusted.appclickstream WHERE date = DATE '" + DAY + "'"))
                .isPositive();
    }

    @Test
    @Order(7)
    void changeCapture() throws Exception {
        Page page = page("change-capture.md");
        page.next();
        assertThat(page.next().out()).containsPattern("pages +PostgresConnector +RUNNING +1/1 +pages");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(DemoStack.records("shop.public.pages")).isEqualTo(14));
        page.next();
        assertThat(number(
                        "SELECT count(*) FROM raw.page_changes WHERE value.op = 'r' AND value.after.owner IS NOT NULL"))
                .isEqualTo(14);
        assertThat(page.next().out()).contains("connect/pages.json", "RUNNING");
        assertThat(page.next().err()).contains("SELECT pg_drop_replication_slot('pages')");
    }

    @Test
    @Order(7)
    void databases() throws Exception {
        assertThat(page("databases.md").next().out()).contains("catalogue", "home", "sales");
        assertThat(number("SELECT count(*) FROM raw.page_owners")).isEqualTo(14);
    }

    @Test
    @Order(7)
    void operations() throws Exception {
        follow("operations.md");
        assertThat(project.resolve("ledgers.zip")).isNotEmptyFile();
        assertThat(lake.run("verify", "gold.clickstream_windows", "--date", "2024-01-02")
                        .succeeded()
                        .out())
                .contains("Each interval has the same rows by itself as in the whole date.");
    }

    @Test
    @Order(8)
    void whatTheReadmeSaysBesides() throws Exception {
        Set<List<String>> run = new HashSet<>();
        for (Path page : FOLLOWED) {
            DocumentedCommands.of(page).forEach(command -> run.add(command.arguments()));
        }
        for (Documented command : DocumentedCommands.of(HOME.resolve("README.md"))) {
            if (!NOT_RUN.containsKey(Page.bare(command.line())) && run.add(command.arguments())) {
                LakeCommand.Result result = lake.run(command.arguments().toArray(String[]::new));
                assertThat(result.status()).as(command + "\n" + result.err()).isZero();
            }
        }
        assertThat(STATE.resolve("docs/site/index.html")).isNotEmptyFile();
    }

    @Test
    @Order(9)
    void live() throws Exception {
        WarmRuns.stop();
        long raw = number("SELECT count(*) FROM raw.appclickstream");
        Page page = page("live.md");
        page.next();
        awaitCounted(raw + 200);
        JsonNode status = Json.mapper()
                .readTree(lake.run("live", "status", "--output", "json")
                        .succeeded()
                        .out());
        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("tables").findValuesAsText("table"))
                .contains("raw.appclickstream", "trusted.appclickstream", "gold.clickstream_windows");
        runsAreHandedToTheLiveService();
        awaitCounted(raw + 201);
        // It stops the service, too.
        assertThat(page.next().out()).contains("raw.appclickstream", "gold.clickstream_windows", "age s");
    }

    /** Waits until so many messages are landed, and each event that was accepted is in a window. */
    private static void awaitCounted(long raw) {
        await().pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> {
                    assertThat(number("SELECT count(*) FROM raw.appclickstream"))
                            .isEqualTo(raw);
                    assertThat(number("SELECT sum(events) FROM gold.clickstream_windows"))
                            .isEqualTo(number("SELECT count(*) FROM trusted.appclickstream"));
                });
    }

    /** Two of the command line, and a task of Airflow, on tables that the service builds, too, while an event comes. */
    private static void runsAreHandedToTheLiveService() throws Exception {
        LiveStack live = new LiveStack(STATE);
        assertThat(live.metrics()).contains("igarape_live_rows_written_total{table=\"raw.appclickstream\"}");
        // A task of Airflow's own DAGs may come besides.
        int none = live.runs();
        post("{\"username\":\"late\",\"page\":\"/\",\"event_name\":\"view\",\"event_time\":\"" + DAY + "T22:00:00Z\"}");
        lake.run("run", "trusted.appclickstream", "--date", DAY).succeeded();
        lake.run("backfill", "gold.clickstream_windows", "--from", DAY, "--to", "2024-01-02")
                .succeeded();
        await().atMost(Duration.ofSeconds(20)).until(() -> live.runs() > none);

        int one = live.runs();
        AirflowStack airflow = new AirflowStack(STATE);
        airflow.ask(
                "POST",
                "/api/v2/dags/clickstream/dagRuns",
                "{\"dag_run_id\": \"beside_live\", \"logical_date\": null, \"conf\": {\"date\": \"" + DAY
                        + "\", \"select\": \"gold.clickstream_windows\"}}");
        AirflowStack.await()
                .untilAsserted(() -> assertThat(airflow.runs("clickstream", "manual"))
                        .anySatisfy(run -> {
                            assertThat(run.path("dag_run_id").asText()).isEqualTo("beside_live");
                            assertThat(run.path("state").asText()).isEqualTo("success");
                        }));
        await().atMost(Duration.ofSeconds(20)).until(() -> live.runs() > one);
    }

    @Test
    @Order(10)
    void filesOfUsersReachTheirDomainTableAsTheyCome() throws Exception {
        Documented start = DocumentedCommands.of(HOME.resolve("pipelines/users/README.md")).stream()
                .filter(command -> command.line().startsWith("./lake live start "))
                .findFirst()
                .orElseThrow();
        lake.run(start.arguments().toArray(String[]::new)).succeeded();
        WebHdfs.of(STATE)
                .put(
                        "/landing/users/date=2024-05-04/users_20240504T090000.json",
                        "{\"id\": 9001, \"first_name\": \"Lia\", \"last_name\": \"Prado\"}\n"
                                .getBytes(StandardCharsets.UTF_8));
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(DemoStack.query("SELECT full_name FROM trusted.users WHERE user_id = 9001"))
                                .hasToString("[{\"full_name\":\"Lia Prado\"}]"));
        lake.run("live", "stop").succeeded();
    }

    @Test
    @Order(11)
    void theDemosLastActCountsEventsAsTheyCome() throws Exception {
        LakeCommand.Result demo = DemoStack.LAKE.run("demo", "clickstream").succeeded();
        assertThat(demo.out()).contains("live for ", "gold.clickstream_last_minutes, the newest");
        assertThat(demo.err()).contains("All 2000 events are in gold.clickstream_windows");
        assertThat(number("SELECT sum(events) FROM gold.clickstream_windows"))
                .isEqualTo(number("SELECT count(*) FROM trusted.appclickstream"));
        assertThat(DemoStack.LAKE.run("live", "status").status()).isEqualTo(4);
    }

    @Test
    @Order(11)
    void noPageIsLeftOutAndNoLineForNothing() throws Exception {
        Set<Path> pages = new HashSet<>();
        Set<String> lines = new HashSet<>();
        for (Path page : DocumentedCommands.files(HOME.resolve("docs"))) {
            List<Documented> commands = DocumentedCommands.of(page);
            if (!commands.stream().allMatch(command -> NOT_RUN.containsKey(Page.bare(command.line())))) {
                pages.add(page);
            }
            commands.forEach(command -> lines.add(Page.bare(command.line())));
        }
        DocumentedCommands.of(HOME.resolve("README.md")).forEach(command -> lines.add(Page.bare(command.line())));
        assertThat(FOLLOWED).containsExactlyInAnyOrderElementsOf(pages);
        assertThat(lines).containsAll(NOT_RUN.keySet());
    }

    private static Page page(String name) throws IOException {
        Path file = HOME.resolve("docs").resolve(name);
        FOLLOWED.add(file);
        return new Page(file, lake, project, NOT_RUN.keySet());
    }

    private static void follow(String name) throws IOException, InterruptedException {
        page(name).rest();
    }

    private static void edit(String file, String old, String with) throws IOException {
        Path path = project.resolve("pipelines").resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(old);
        Files.writeString(path, text.replaceFirst(Pattern.quote(old), Matcher.quoteReplacement(with)));
    }

    private static void produce(byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                new HashMap<>(DemoStack.target().kafka()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("appclickstream", value)).get();
        }
    }

    private static void post(String event) throws IOException, InterruptedException {
        HttpResponse<String> answer = new ApiStack(STATE).post("/v1/topics/appclickstream", event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static long number(String sql) throws IOException {
        return DemoStack.query(sql).get(0).elements().next().asLong();
    }
}
