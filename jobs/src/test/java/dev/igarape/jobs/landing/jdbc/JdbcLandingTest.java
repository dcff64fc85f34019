package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.BreakingProxy;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingPostgres;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Landing from a real PostgreSQL on a real metastore. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class JdbcLandingTest {
    private static final TableName RAW = TableName.parse("raw.orders");
    private static final TableName TRUSTED = TableName.parse("trusted.orders");
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final AtomicInteger LAKES = new AtomicInteger();

    private static LocalLake local;
    private static TestingPostgres postgres;
    private static BreakingProxy proxy;
    private String prefix;

    @BeforeAll
    static void start(LocalLake lake, TestingPostgres database) throws Exception {
        local = lake;
        postgres = database;
        proxy = new BreakingProxy(postgres.port());
        execute("CREATE TABLE orders (id bigint, price numeric(10,2), note text, at timestamptz)");
        execute("INSERT INTO orders SELECT i, i / 100.0, 'note ' || i, TIMESTAMPTZ '2024-01-01T02:59:59Z'"
                + " + i * INTERVAL '1 second' FROM generate_series(0, 99999) i");
        execute("CREATE TABLE odd (\"Id\" int, date date)");
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @BeforeEach
    void open() {
        prefix = "t" + LAKES.incrementAndGet() + "_";
        proxy.breakAfter(Long.MAX_VALUE);
    }

    @Test
    void landsTheWholeTableOnceForADate() throws Exception {
        Source.Jdbc source = source("orders", Optional.empty());
        assertThat(land(source, false, DAY).get(0).balance()).isEqualTo(Balance.landed(100_000, 100_000, 0));
        assertThat(land(source, false, DAY).get(0).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(source, true, DAY).get(0).sequence()).isEqualTo(2);
        assertThat(rows()).isEqualTo(100_000);
        Row row = local.spark().read().parquet(locations()).where("id = 250").first();
        assertThat(row.mkString(" ")).startsWith("250 2.50 note 250 ");
    }

    @Test
    void byAColumnEachRowIsOnItsDayOfThePipelinesTimezone() throws Exception {
        List<TableRun> runs =
                land(source("public.orders", Optional.of("at")), false, DAY.minusDays(1), DAY, DAY.plusDays(1));
        assertThat(runs)
                .extracting(run -> run.balance().written())
                // The first second is still the day before in São Paulo, the last 13599 are the day after.
                .containsExactly(1L, 86_400L, 13_599L);
    }

    @Test
    void aSourceThatBreaksOffCommitsNothing() throws Exception {
        Source.Jdbc source = source("orders", Optional.empty());
        proxy.breakAfter(1_000_000);
        assertThatThrownBy(() -> land(source, false, DAY))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("Cannot land raw.orders for 2024-01-01: orders could not be read to its end")
                .hasMessageContaining("Nothing was committed");
        assertThat(lake(source).ledger(RAW).read().head()).isZero();
        proxy.breakAfter(Long.MAX_VALUE);
        land(source, false, DAY);
        assertThat(rows()).isEqualTo(100_000);
    }

    @Test
    void whatTheDatabaseRefusesIsADefinitionsFault() {
        assertThatThrownBy(() -> land(source("nonesuch", Optional.empty()), false, DAY))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("relation \"nonesuch\" does not exist");
        assertThatThrownBy(() -> land(source("odd", Optional.empty()), false, DAY))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("columns: {id: {from: Id}, source_date: {from: date}}");
    }

    @Test
    void datesLandedBeforeAColumnWasWidenedAreReadAsItIsNow() throws Exception {
        Source.Jdbc source = source("growing", Optional.empty());
        execute("CREATE TABLE growing (id int, weight real, price numeric(9,2), tags int[])");
        execute("INSERT INTO growing VALUES (1, 1.5, 2.50, '{1,2}')");
        land(source, false, DAY);
        execute("ALTER TABLE growing ALTER id TYPE bigint, ALTER weight TYPE double precision,"
                + " ALTER price TYPE numeric(20,2), ALTER tags TYPE bigint[], ADD note text");
        execute("UPDATE growing SET id = 3000000000, note = 'new'");
        land(source, false, DAY.plusDays(1));

        Table both = daily("SELECT id, weight, price, tags, note FROM raw.orders", 1);
        assertThat(built(source, both, DAY.plusDays(1)).orderBy("id").collectAsList())
                .extracting(Row::toString)
                .containsExactly(
                        "[1,1.5,2.50,WrappedArray(1, 2),null]", "[3000000000,1.5,2.50,WrappedArray(1, 2),new]");

        execute("UPDATE growing SET id = 1");
        execute("ALTER TABLE growing ALTER id TYPE int");
        land(source, false, DAY.plusDays(2));
        assertThatThrownBy(() -> built(source, both, DAY.plusDays(2)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessage("Cannot build trusted.orders: raw.orders of 2024-01-02 was written when its columns had"
                        + " other types, which those that they have now can't hold: id bigint as int. Write that date"
                        + " anew first: ./lake run raw.orders --date 2024-01-02 --refetch.");
    }

    private static Table daily(String sql, int lookback) {
        return new Table(
                TRUSTED,
                "",
                new DailyDefinition(sql),
                Map.of(),
                List.of(new Input(RAW, lookback)),
                List.of(),
                "forever",
                "hash");
    }

    private Dataset<Row> built(Source.Jdbc source, Table table, LocalDate date) throws Exception {
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source), table);
        try (Publisher publisher = lake.publisher()) {
            new DailyBuild(lake, publisher, local::spark).run(table, List.of(date), BuildOverrides.NOTHING);
        }
        String path = lake.ledger(TRUSTED)
                .read()
                .partitionsOf(date)
                .get(0)
                .partition()
                .path();
        return local.spark().read().parquet(lake.target().folder(TRUSTED) + "/" + path);
    }

    @Test
    void aServerThatSpeaksNoTlsIsADefinitionsFault() {
        Source.Jdbc secure = new Source.Jdbc(
                "${DB}?sslmode=require", "postgres", "${PASSWORD}", "orders", Optional.empty(), Map.of());
        assertThatThrownBy(() -> land(secure, false, DAY))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("orders can't be read over TLS: The server does not support SSL")
                .hasMessageContaining("where the server has no TLS, switch it on");
    }

    @Test
    void aDatabaseThatIsDownIsUnavailable() {
        Source.Jdbc down = new Source.Jdbc(
                "jdbc:postgresql://127.0.0.1:1/postgres",
                "postgres",
                "${PASSWORD}",
                "orders",
                Optional.empty(),
                Map.of());
        assertThatThrownBy(() -> land(down, false, DAY))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }

    private static void execute(String sql) throws SQLException {
        postgres.execute(sql);
    }

    private static Source.Jdbc source(String table, Optional<String> by) {
        return new Source.Jdbc("${DB}", "postgres", "${PASSWORD}", table, by, Map.of());
    }

    private static Table raw(Source source) {
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw hash");
    }

    private Lake lake(Source source) throws Exception {
        Map<String, String> variables =
                Map.of("DB", "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres", "PASSWORD", "any");
        return local.lake(prefix, variables, Step.Listener.NONE, raw(source));
    }

    private List<TableRun> land(Source.Jdbc source, boolean refetch, LocalDate... dates) throws Exception {
        Lake lake = lake(source);
        Lake saoPaulo = new Lake(
                new dev.igarape.model.Manifest(
                        1,
                        lake.manifest().pipelines().stream()
                                .map(p -> new dev.igarape.model.Pipeline(
                                        p.name(),
                                        p.description(),
                                        p.owner(),
                                        p.schedule(),
                                        p.startDate(),
                                        java.time.ZoneId.of("America/Sao_Paulo"),
                                        p.tags(),
                                        p.tables()))
                                .toList()),
                lake.target(),
                lake.hadoop(),
                lake.files(),
                lake.clock(),
                lake.runId(),
                lake.steps());
        try (Publisher publisher = saoPaulo.publisher()) {
            return new JdbcLanding(saoPaulo, publisher, local::spark).run(raw(source), source, List.of(dates), refetch);
        }
    }

    private long rows() throws Exception {
        return local.spark().read().parquet(locations()).count();
    }

    private String[] locations() throws Exception {
        List<String> locations = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + "raw", "orders")) {
            locations.add(partition.getSd().getLocation());
        }
        return locations.toArray(new String[0]);
    }
}
