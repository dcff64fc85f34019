package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.ClickEvents.Event;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Steps of a table with intervals that die, or run twice at once. Each brings a click in each of two intervals, which a
 * reader sees together or not at all, although it lists partitions before the step and asks for their folders after it, as
 * Trino does.
 */
@ExtendWith(TestServers.class)
@Timeout(600)
final class IntervalsDeathsTest {
    private static final TableName WINDOWS = TableName.parse("trusted.windows");
    /** Row by row, so that a step adds to what stands. */
    private static final TableName EACH = TableName.parse("trusted.each");

    private static final LocalDate DATE = LocalDate.parse("2024-01-01");
    private static final String NOW = "2024-01-01T12:00:00Z";

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    static List<Arguments> tables() {
        return List.of(Arguments.of(WINDOWS, 24 * 12 + 1), Arguments.of(EACH, 24 * 4 + 1));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aStepThatDiesAnywhereShowsAllOfItOrNothing(TableName table, int partitions) throws Exception {
        String prefix = "deaths_" + table.name() + "_";
        ClickLake clicks = new ClickLake(local, ZoneOffset.UTC, prefix);
        land(clicks, 0);
        build(clicks, table, Step.Listener.NONE);
        List<String> names = names(prefix, table);
        assertThat(names).hasSize(partitions);
        for (Step step : Step.values()) {
            int steps = step.ordinal() + 1;
            land(clicks, steps);
            assertThatThrownBy(() -> build(clicks, table, Killed.at(step)))
                    .as("at %s", step)
                    .isInstanceOf(Killed.class);
            assertThat(shown(prefix, table, names))
                    .as("after dying at %s", step)
                    .isIn(truth(steps), truth(steps + 1));
            build(clicks, table, Step.Listener.NONE);
            assertThat(shown(prefix, table, names)).as("again after %s", step).isEqualTo(truth(steps + 1));
            assertThat(names(prefix, table)).isEqualTo(names);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void twoRunsOfAStepAtOnceMakeOneCommit(TableName table, int partitions) throws Exception {
        String prefix = "twice_" + table.name() + "_";
        ClickLake clicks = new ClickLake(local, ZoneOffset.UTC, prefix);
        land(clicks, 0);
        build(clicks, table, Step.Listener.NONE);
        List<String> names = names(prefix, table);
        assertThat(names).hasSize(partitions);
        land(clicks, 1);
        CyclicBarrier bothHavePlanned = new CyclicBarrier(2);
        Callable<List<TableRun>> run = () -> {
            AtomicBoolean planned = new AtomicBoolean();
            return build(clicks, table, step -> {
                if (step == Step.PLANNED && !planned.getAndSet(true)) {
                    await(bothHavePlanned);
                }
            });
        };
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<TableRun.Outcome> outcomes = new ArrayList<>();
            for (Future<List<TableRun>> one : pool.invokeAll(List.of(run, run))) {
                one.get().forEach(result -> outcomes.add(result.outcome()));
            }
            assertThat(outcomes).containsExactlyInAnyOrder(TableRun.Outcome.COMMITTED, TableRun.Outcome.UNCHANGED);
        } finally {
            pool.shutdownNow();
        }
        assertThat(clicks.at(NOW, Step.Listener.NONE).ledger(table).read().head())
                .isEqualTo(2);
        assertThat(shown(prefix, table, names)).isEqualTo(truth(2));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What step {@code number} brings: a click at ten and one twenty minutes later. */
    private static void land(ClickLake clicks, int number) throws Exception {
        clicks.send(List.of(click(number, "10:00:01"), click(number, "10:20:01")));
        clicks.land(clicks.at(NOW, Step.Listener.NONE), Publishing.NONE);
    }

    private static Event click(int number, String time) {
        return new Event(
                true,
                number,
                7L * number,
                "ana",
                Instant.parse(DATE + "T" + time + "Z").toEpochMilli());
    }

    private static List<String> truth(int steps) {
        return IntStream.range(0, steps)
                .boxed()
                .flatMap(number -> List.of(number + " 10:00", number + " 10:20").stream())
                .sorted()
                .toList();
    }

    private static List<TableRun> build(ClickLake clicks, TableName table, Step.Listener steps) throws Exception {
        Lake lake = clicks.at(NOW, steps);
        try (Publisher publisher = lake.publisher()) {
            return new DailyBuild(lake, publisher, local::spark)
                    .run(lake.table(table), List.of(DATE), BuildOverrides.NOTHING);
        }
    }

    private static List<String> names(String prefix, TableName table) throws Exception {
        return local.metastore().listPartitionNames(prefix + "trusted", table.name(), (short) -1);
    }

    /** Rows in the folders of these partitions. */
    private static List<String> shown(String prefix, TableName table, List<String> names) throws Exception {
        String[] folders = local.metastore().getPartitionsByNames(prefix + "trusted", table.name(), names).stream()
                .map(Partition::getSd)
                .map(storage -> storage.getLocation())
                .filter(location -> !location.endsWith("/empty"))
                .toArray(String[]::new);
        return local
                .spark()
                .read()
                .option("recursiveFileLookup", "true")
                .schema("split INT, at TIMESTAMP")
                .parquet(folders)
                .selectExpr("split", "date_format(at, 'HH:mm')")
                .collectAsList()
                .stream()
                .map(IntervalsDeathsTest::line)
                .sorted()
                .toList();
    }

    private static String line(Row row) {
        return row.get(0) + " " + row.get(1);
    }
}
