package dev.igarape.jobs;

import static dev.igarape.jobs.testing.EventsLake.BODY;
import static dev.igarape.jobs.testing.EventsLake.GOLD;
import static dev.igarape.jobs.testing.EventsLake.RAW;
import static dev.igarape.jobs.testing.EventsLake.TRUSTED;
import static dev.igarape.jobs.testing.EventsLake.raw;
import static dev.igarape.jobs.testing.EventsLake.table;
import static dev.igarape.jobs.testing.EventsLake.tables;
import static dev.igarape.jobs.testing.EventsLake.trusted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Expectation;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP landing and daily builds on a real metastore, with files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class TableRunnerTest {
    private static final DateRange DAY = DateRange.of(LocalDate.parse("2024-01-01"));
    private static final DateRange WEEK = new DateRange(LocalDate.parse("2024-01-01"), LocalDate.parse("2024-01-08"));

    private static LocalLake local;
    private static final AtomicInteger LAKES = new AtomicInteger();

    private String prefix;
    private HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String body = BODY;
    /** By a request's query; empty: it is refused. */
    private volatile Function<String, Optional<String>> answer = query -> Optional.of(body);

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws Exception {
        prefix = "t" + LAKES.incrementAndGet() + "_";
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            Optional<String> text = answer.apply(exchange.getRequestURI().getQuery());
            byte[] bytes = text.orElse("").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(text.isPresent() ? 200 : 404, text.isPresent() ? bytes.length : -1);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void keepsTheAnswerByteForByte() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        Partition partition = local.partitions(prefix + "raw", "events").get(0);
        Path file =
                Path.of(java.net.URI.create(partition.getSd().getLocation())).resolve("page-00000.json");
        assertThat(Files.readString(file)).isEqualTo(BODY);
        assertThat(partition.getParameters()).containsEntry("igarape.sequence", "1");
    }

    @Test
    void countsEveryRowOnItsWay() throws Exception {
        List<TableRun> runs = run(List.of(RAW, TRUSTED, GOLD), DAY, false, tables());
        assertThat(balance(runs, TRUSTED)).isEqualTo(new Balance(4, 2, 1, 1, 0, 0, 0));
        assertThat(rows("trusted", "events")).isEqualTo(2);
        assertThat(rows("quarantine", "trusted_events")).isEqualTo(1);
        assertThat(rows("gold", "counts")).isEqualTo(2);
    }

    @Test
    void quarantinesWithRuleReasonAndRow() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        Partition partition =
                local.partitions(prefix + "quarantine", "trusted_events").get(0);
        assertThat(local.spark()
                        .read()
                        .parquet(partition.getSd().getLocation())
                        .select("rule", "reason", "row")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[known,expected kind IN ('click', 'view'),{\"user\":\"caio\",\"kind\":\"bogus\"}]]");
    }

    @Test
    void landsADateOnceUnlessAskedToRefetch() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        assertThat(run(List.of(RAW), DAY, false, tables()).get(0).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(requests).hasValue(1);
        body = "[]";
        assertThat(run(List.of(RAW), DAY, true, tables()).get(0).sequence()).isEqualTo(2);
        assertThat(requests).hasValue(2);
        assertThat(local.partitions(prefix + "raw", "events")).hasSize(1);
    }

    @Test
    void landsPagesUntilOneIsEmpty() throws Exception {
        answer = query -> Optional.of(
                switch (query.replaceFirst(".*page=", "")) {
                    case "1" -> "[{\"user\":\"ana\",\"kind\":\"click\"}]";
                    case "2" -> "[{\"user\":\"bia\",\"kind\":\"view\"}]";
                    default -> "[]";
                });
        Source source = new Source.Http(
                "${API}/events", Map.of("date", "{date}"), "json", Optional.of(new Source.Pages("page", 1, 10)));
        Table paged =
                new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
        List<TableRun> runs = run(List.of(RAW, TRUSTED), DAY, false, paged, trusted());
        assertThat(requests).hasValue(3);
        assertThat(balance(runs, RAW).written()).isEqualTo(2);
        assertThat(users()).containsExactlyInAnyOrder("ana", "bia");
    }

    @Test
    void datesBeforeOneThatTheApiRefusesAreKept() throws Exception {
        answer = query -> query.contains("2024-01-03") ? Optional.empty() : Optional.of(BODY);
        assertThatThrownBy(() -> run(List.of(RAW), WEEK, false, tables())).hasMessageContaining("answered 404");
        assertThat(local.partitions(prefix + "raw", "events"))
                .extracting(partition -> partition.getValues().get(0))
                .containsExactlyInAnyOrder("2024-01-01", "2024-01-02");

        answer = query -> Optional.of(BODY);
        run(List.of(RAW), WEEK, false, tables());
        assertThat(local.partitions(prefix + "raw", "events")).hasSize(7);
        assertThat(requests).hasValue(3 + 5);
    }

    @Test
    void aLandingFromHttpNeedsNoSpark() throws Exception {
        Lake lake = local.lake(prefix, variables(), Step.Listener.NONE, tables());
        List<TableRun> runs = new TableRunner(lake, () -> {
                    throw new AssertionError("Spark was asked for");
                })
                .run(List.of(RAW), DAY, new RunOptions(false, false, BuildOverrides.NOTHING));
        assertThat(balance(runs, RAW).written()).isEqualTo(1);
    }

    @Test
    void anUnchangedDateIsNotBuiltAgain() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        assertThat(run(List.of(TRUSTED), DAY, false, tables()).get(0).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void newInputRebuildsAndEmptiesQuarantine() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        body = "[{\"user\":\"ana\",\"kind\":\"click\"}]";
        run(List.of(RAW, TRUSTED), DAY, true, tables());
        assertThat(rows("trusted", "events")).isEqualTo(1);
        Partition quarantined =
                local.partitions(prefix + "quarantine", "trusted_events").get(0);
        assertThat(Path.of(java.net.URI.create(quarantined.getSd().getLocation())))
                .as("Trino and Spark read no rows from a folder without files")
                .isEmptyDirectory();
    }

    @Test
    void zeroRowsPublishAnEmptyDate() throws Exception {
        body = "[]";
        run(List.of(RAW, TRUSTED, GOLD), DAY, false, tables());
        assertThat(local.partitions(prefix + "trusted", "events")).hasSize(1);
        assertThat(rows("trusted", "events")).isZero();
        assertThat(local.partitions(prefix + "gold", "counts")).hasSize(1);
    }

    @Test
    void aRangeIsOneCommitPerTable() throws Exception {
        List<TableRun> runs = run(List.of(RAW, TRUSTED, GOLD), WEEK, false, tables());
        assertThat(runs).hasSize(21).allSatisfy(r -> assertThat(r.sequence()).isEqualTo(1));
        assertThat(local.partitions(prefix + "gold", "counts")).hasSize(7);
        assertThat(rows("trusted", "events")).isEqualTo(14);
    }

    @Test
    void aMissingInputIsNamed() {
        assertThatThrownBy(() -> run(List.of(TRUSTED), DAY, false, tables()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("raw.events has no [2024-01-01]")
                .hasMessageContaining("./lake run raw.events --date 2024-01-01");
    }

    @Test
    void inputsThatLostPartOfTheirFilesAreRefused() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        Partition partition = local.partitions(prefix + "raw", "events").get(0);
        Path page =
                Path.of(java.net.URI.create(partition.getSd().getLocation())).resolve("page-00000.json");
        Files.writeString(page, "[]");
        assertThatThrownBy(() -> run(List.of(TRUSTED), DAY, false, tables()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining("raw.events holds 2 bytes, but commit 1 wrote " + BODY.length());
        Files.delete(page);
        assertThatThrownBy(() -> run(List.of(TRUSTED), DAY, false, tables()))
                .hasMessageContaining("raw.events holds 0 bytes");

        Files.writeString(page, BODY);
        assertThat(balance(run(List.of(TRUSTED), DAY, false, tables()), TRUSTED).written())
                .isEqualTo(2);
    }

    @Test
    void anAddressThatIsNoneIsADefinitionsFault() {
        Source source = new Source.Http("http://a b/events", Map.of(), "json", Optional.empty());
        Table table =
                new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
        assertThatThrownBy(() -> run(List.of(RAW), DAY, false, table))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("'http://a b/events': that is no http or https address");
    }

    @Test
    void aFailingExpectationKeepsTheOldVersion() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        String before =
                local.partitions(prefix + "trusted", "events").get(0).getSd().getLocation();
        Table strict = trusted(new Expectation("nobody", "user = 'nobody'", Expectation.Action.FAIL));
        assertThatThrownBy(() -> run(List.of(TRUSTED), DAY, false, raw(), strict))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining("nobody (user = 'nobody'): 4 rows");
        assertThat(local.partitions(prefix + "trusted", "events").get(0).getSd().getLocation())
                .isEqualTo(before);
    }

    @Test
    void columnsThatTheQueryLacksAreNamed() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        Table wrong = table(
                TRUSTED,
                new DailyDefinition("SELECT 1 AS user FROM raw.events"),
                Map.of("user", "string", "kind", "string"),
                RAW,
                List.of());
        assertThatThrownBy(() -> run(List.of(TRUSTED), DAY, false, raw(), wrong))
                .hasMessageContaining("column kind is declared, but the query lacks it");
    }

    @Test
    void filteredRowsAreCountedWhereRowsKeepTheirIdentity() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        Table clicks = table(
                GOLD,
                new DailyDefinition("SELECT user FROM trusted.events WHERE kind = 'click'"),
                Map.of("user", "string"),
                TRUSTED,
                List.of());
        List<TableRun> runs = run(List.of(GOLD), DAY, false, raw(), trusted(), clicks);
        assertThat(balance(runs, GOLD)).isEqualTo(new Balance(2, 1, 0, 0, 1, 0, 0));
    }

    @Test
    void dyingAnywhereAndRunningAgainGivesTheWholeDateOnce() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        for (Step step : Step.values()) {
            Step.Listener dies = reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            };
            body = "[{\"user\":\"ana\",\"kind\":\"click\"},{\"user\":\"" + step + "\",\"kind\":\"view\"}]";
            run(List.of(RAW), DAY, true, tables());
            Lake dying = local.lake(prefix, variables(), dies, tables());
            assertThatThrownBy(() -> run(dying, List.of(TRUSTED), DAY, false)).isInstanceOf(Killed.class);
            run(List.of(TRUSTED), DAY, false, tables());
            assertThat(users()).as("after dying at %s", step).containsExactlyInAnyOrder("ana", step.toString());
        }
    }

    @Test
    void aFetchThatDiesAnywhereAndRunsAgainKeepsOneAnswer() throws Exception {
        List<Step> reached = new ArrayList<>();
        for (boolean refetch : List.of(false, true)) {
            for (Step step : Step.values()) {
                LocalDate date = refetch ? DAY.from() : DAY.from().plusDays(1 + step.ordinal());
                body = "[\"" + step + " " + refetch + "\"]";
                Step.Listener dies = at -> {
                    if (at == step) {
                        reached.add(step);
                        throw new Killed();
                    }
                };
                Lake dying = local.lake(prefix, variables(), dies, tables());
                try {
                    run(dying, List.of(RAW), DateRange.of(date), refetch);
                } catch (Killed expected) {
                    // As it should.
                }
                run(List.of(RAW), DateRange.of(date), refetch, tables());
                List<Partition> there = local.partitions(prefix + "raw", "events").stream()
                        .filter(partition -> partition.getValues().contains(date.toString()))
                        .toList();
                assertThat(there).as("after dying at %s", step).hasSize(1);
                Path file = Path.of(java.net.URI.create(there.get(0).getSd().getLocation()))
                        .resolve("page-00000.json");
                assertThat(Files.readString(file)).isEqualTo(body);
            }
        }
        assertThat(reached).contains(Step.values());
    }

    /** Not caught anywhere: stands for a process that dies. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Map<String, String> variables() {
        return Map.of("API", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private List<TableRun> run(List<TableName> names, DateRange range, boolean refetch, Table... tables)
            throws Exception {
        return run(local.lake(prefix, variables(), Step.Listener.NONE, tables), names, range, refetch);
    }

    private static List<TableRun> run(Lake lake, List<TableName> names, DateRange range, boolean refetch)
            throws IOException, InterruptedException {
        return new TableRunner(lake, local::spark)
                .run(names, range, new RunOptions(refetch, false, BuildOverrides.NOTHING));
    }

    private static Balance balance(List<TableRun> runs, TableName table) {
        return runs.stream()
                .filter(r -> r.table().equals(table))
                .findFirst()
                .orElseThrow()
                .balance();
    }

    private long rows(String database, String table) throws Exception {
        return read(database, table).count();
    }

    private List<String> users() throws Exception {
        return read("trusted", "events").select("user").as(Encoders.STRING()).collectAsList();
    }

    private Dataset<Row> read(String database, String table) throws Exception {
        List<String> locations = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + database, table)) {
            locations.add(partition.getSd().getLocation());
        }
        return local.spark().read().option("recursiveFileLookup", true).parquet(locations.toArray(new String[0]));
    }
}
