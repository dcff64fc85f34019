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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Draining an outbox of a real PostgreSQL: each row is landed once, and is in the database or in the lake at any time. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class OutboxLandingTest {
    private static final TableName RAW = TableName.parse("raw.orders");
    private static final TableName TRUSTED = TableName.parse("trusted.orders");
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final Clock NOON = Clock.fixed(Instant.parse("2024-01-05T12:00:00Z"), ZoneOffset.UTC);
    private static final AtomicInteger LAKES = new AtomicInteger();

    private static LocalLake local;
    private static TestingPostgres postgres;
    private String prefix;

    @BeforeAll
    static void start(LocalLake lake, TestingPostgres database) {
        local = lake;
        postgres = database;
    }

    @BeforeEach
    void open() throws Exception {
        prefix = "o" + LAKES.incrementAndGet() + "_";
        postgres.execute(
                "DROP TABLE IF EXISTS outbox",
                "CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, at timestamptz)");
    }

    @Test
    void rowsAreLandedOnTheirDaysAndDeleted() throws Exception {
        postgres.execute("INSERT INTO outbox (note, at) VALUES ('a', '2024-01-02T02:59:59Z'),"
                + " ('b', '2024-01-02T03:00:00Z'), ('c', NULL), ('d', 'infinity')");
        // The fourth row has a time that the column's type can't hold.
        assertThatThrownBy(() -> land(Step.Listener.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("'infinity'");
        assertThat(left()).isEqualTo(4);
        postgres.execute("DELETE FROM outbox WHERE note = 'd'");

        assertThat(land(Step.Listener.NONE).balance()).isEqualTo(Balance.landed(3, 3, 0));

        assertThat(left()).isZero();
        // Midnight of São Paulo is at three; a row without a time is of the day of the run.
        assertThat(lake(Step.Listener.NONE).ledger(RAW).read().partitionedDates())
                .containsExactlyInAnyOrder(DAY, DAY.plusDays(1), DAY.plusDays(4));
        assertThat(land(Step.Listener.NONE).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRunThatDiesLosesNoRowAndLandsNoneTwice() throws Exception {
        insert(20);
        land(Step.Listener.NONE);
        int rows = 20;
        for (Step last : Step.values()) {
            insert(20);
            assertThatThrownBy(() -> land(step -> {
                        if (step == last) {
                            throw new IllegalStateException("died at " + step);
                        }
                    }))
                    .hasMessageContaining("died at " + last);
            insert(10);

            land(Step.Listener.NONE);

            rows += 30;
            assertThat(left()).as("left by one that died at " + last).isZero();
            assertThat(ids())
                    .as("landed by one that died at " + last)
                    .isEqualTo(LongStream.rangeClosed(1, rows).boxed().toList());
        }
    }

    @Test
    void ofTwoRunsAtOnceOneLandsARow() throws Exception {
        insert(50);
        AtomicInteger times = new AtomicInteger();
        land(step -> {
            if (step == Step.WRITTEN && times.getAndIncrement() == 0) {
                insert(5);
                run(Step.Listener.NONE);
                insert(5);
            }
        });

        assertThat(times).hasValue(2);
        assertThat(left()).isZero();
        assertThat(ids()).isEqualTo(LongStream.rangeClosed(1, 60).boxed().toList());
    }

    @Test
    void batchesOfADayMayHaveOtherColumns() throws Exception {
        postgres.execute("INSERT INTO outbox (note, at) VALUES ('first', '2024-01-01T12:00:00Z')");
        land(Step.Listener.NONE);
        postgres.execute("ALTER TABLE outbox ADD price numeric(10,2)");
        postgres.execute("INSERT INTO outbox (note, at, price) VALUES ('second', '2024-01-01T13:00:00Z', 2.50)");
        land(Step.Listener.NONE);

        Table daily = new Table(
                TRUSTED,
                "",
                new DailyDefinition("SELECT id, note, price FROM raw.orders"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "hash");
        Lake lake = lake(Step.Listener.NONE, outbox(), daily);
        try (Publisher publisher = lake.publisher()) {
            new DailyBuild(lake, publisher, local::spark).run(daily, List.of(DAY), BuildOverrides.NOTHING);
        }
        String path =
                lake.ledger(TRUSTED).read().partitionsOf(DAY).get(0).partition().path();
        assertThat(local.spark()
                        .read()
                        .parquet(lake.target().folder(TRUSTED) + "/" + path)
                        .orderBy("id")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1,first,null]", "[2,second,2.50]");
    }

    @Test
    void aTableWithoutAKeyIsNotDrained() throws Exception {
        postgres.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_pkey");
        insert(1);

        assertThatThrownBy(() -> land(Step.Listener.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Cannot drain outbox to raw.orders: it has no primary key of one column");

        assertThat(left()).isEqualTo(1);
        assertThat(lake(Step.Listener.NONE).ledger(RAW).read().head()).isZero();
    }

    /** Landed once by date, its rows may be of another table, and rows of a drained one may be left in it. */
    @Test
    void nothingIsDeletedByKeysOfAnotherTable() throws Exception {
        insert(3);
        Source.Jdbc byDate = source("outbox", false);
        Table dated = table(byDate);
        Lake lake = lake(Step.Listener.NONE, dated);
        try (Publisher publisher = lake.publisher()) {
            new JdbcLanding(lake, publisher, local::spark).run(dated, byDate, List.of(DAY), false);
        }
        refused("it has dates that were landed without `drain`");
        assertThat(left()).isEqualTo(3);

        open();
        insert(3);
        assertThatThrownBy(() -> land(step -> {
                    if (step == Step.COMMITTED) {
                        throw new IllegalStateException("died");
                    }
                }))
                .hasMessage("died");
        postgres.execute("DROP TABLE IF EXISTS other", "CREATE TABLE other (LIKE outbox INCLUDING ALL)");
        postgres.execute("INSERT INTO other (note, at) SELECT 'other', at FROM outbox");
        Lake again = lake(Step.Listener.NONE);
        try (Publisher publisher = again.publisher()) {
            assertThatThrownBy(() ->
                            new OutboxLanding(again, publisher, local::spark, outbox(), source("other", true)).run())
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                    .hasMessageContaining("are still to be deleted from the table that was drained before");
        }
        assertThat(left()).isEqualTo(3);
        land(Step.Listener.NONE);
        assertThat(left()).isZero();
        try (Publisher publisher = again.publisher()) {
            new OutboxLanding(again, publisher, local::spark, outbox(), source("other", true)).run();
        }
        assertThat(ids()).containsExactly(1L, 1L, 2L, 2L, 3L, 3L);
    }

    @Test
    void rowsThatTheDatabaseKeepsAreNotLandedAgain() throws Exception {
        postgres.execute(
                "CREATE OR REPLACE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
                "CREATE TRIGGER keep BEFORE DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION keep()");
        insert(2);
        for (int run = 0; run < 2; run++) {
            refused("it still has 2 landed rows after they were deleted");
        }
        assertThat(lake(Step.Listener.NONE).ledger(RAW).read().head()).isEqualTo(1);
        postgres.execute("DROP TRIGGER keep ON outbox");
        land(Step.Listener.NONE);
        assertThat(left()).isZero();
        assertThat(ids()).containsExactly(1L, 2L);
    }

    private void refused(String why) {
        assertThatThrownBy(() -> land(Step.Listener.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Cannot drain outbox to raw.orders: " + why);
    }

    private static void insert(int rows) {
        try {
            postgres.execute(
                    "INSERT INTO outbox (note, at) SELECT 'note', TIMESTAMPTZ '2024-01-01T12:00:00Z' + i * INTERVAL"
                            + " '1 minute' FROM generate_series(1, " + rows + ") i");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static long left() throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM outbox")) {
            count.next();
            return count.getLong(1);
        }
    }

    private List<Long> ids() throws Exception {
        String[] folders = local.partitions(prefix + "raw", "orders").stream()
                .map(Partition::getSd)
                .map(place -> place.getLocation())
                .toArray(String[]::new);
        return local.spark().read().parquet(folders).select("id").orderBy("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    private TableRun run(Step.Listener steps) {
        try {
            return land(steps);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private TableRun land(Step.Listener steps) throws Exception {
        Lake lake = lake(steps);
        try (Publisher publisher = lake.publisher()) {
            return new OutboxLanding(lake, publisher, local::spark, outbox(), source()).run();
        }
    }

    private Lake lake(Step.Listener steps, Table... tables) throws Exception {
        return local.lake(
                prefix,
                Map.of("DB", postgres.jdbcUrl()),
                NOON,
                steps,
                ZoneId.of("America/Sao_Paulo"),
                tables.length == 0 ? new Table[] {outbox()} : tables);
    }

    private static Source.Jdbc source() {
        return source("outbox", true);
    }

    private static Source.Jdbc source(String table, boolean drain) {
        return new Source.Jdbc("${DB}", "", "", table, Optional.of("at"), Map.of(), drain);
    }

    private static Table outbox() {
        return table(source());
    }

    private static Table table(Source.Jdbc of) {
        return new Table(RAW, "", new LandingDefinition(of), Map.of(), List.of(), List.of(), "forever", "raw hash");
    }
}
