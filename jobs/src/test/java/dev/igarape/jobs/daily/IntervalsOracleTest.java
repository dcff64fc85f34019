package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.daily.ClickEvents.Event;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.live.LiveService;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables with intervals hold the same rows however their input is split into steps: those of {@link ClickEvents}. Events
 * come late, twice and out of order, in São Paulo when it still changed its clocks.
 */
@ExtendWith(TestServers.class)
@Timeout(900)
final class IntervalsOracleTest {
    private static final ZoneId ZONE = ZoneId.of("America/Sao_Paulo");
    private static final String BEFORE = "2017-10-14T12:00:00Z";
    private static final String BEFORE_THE_OTHERS = "2018-02-17T15:00:00Z";
    private static final String AFTER = "2019-01-01T12:00:00Z";
    private static final ClickEvents EVENTS = new ClickEvents(13);
    private static final List<String> TRUTH = told();
    /** What a clock says that jumps: on the first of two dates, more than a year behind them, and long before them. */
    private static final List<String> JUMPS =
            List.of("2018-02-18T01:30:00Z", "2019-03-01T12:00:00Z", "2017-01-01T12:00:00Z");

    private static LocalLake local;
    private static TestingKafka kafka;
    private static SparkSession spark;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start(TestingMetastore metastore, TestingKafka broker, TestingSpark session) {
        local = new LocalLake(folder, metastore);
        kafka = broker;
        spark = session.newSession();
    }

    /** Over the day without a first hour, and over that with 23 o'clock twice. */
    private static List<String> told() {
        EVENTS.tell("2017-10-14T22:04:00Z", "2017-10-15T16:00:00Z");
        EVENTS.tell("2018-02-17T18:04:00Z", "2018-02-18T14:00:00Z");
        return EVENTS.truth(ZONE);
    }

    @Test
    void anySplitIntoStepsGivesTheSameRows() throws Exception {
        assertThat(EVENTS.splits()).isGreaterThanOrEqualTo(1000);
        ClickLake clicks = new ClickLake(local, kafka, spark, ZONE, "steps_");
        for (int step = 0; step < ClickEvents.STEPS; step++) {
            // Dates that are over keep their intervals, and are built by them.
            Lake lake = clicks.at(step < ClickEvents.STEPS / 2 ? BEFORE : AFTER, Step.Listener.NONE);
            for (List<Event> landing : EVENTS.landings(step)) {
                clicks.send(landing);
                clicks.land(lake, Publishing.NONE);
            }
            if (step == 0) {
                buildBeforeTheyAreOver(clicks);
            } else {
                clicks.build(lake, Publishing.NONE);
            }
        }
        assertSameRows(clicks, TRUTH);
    }

    @Test
    void oneRunByIntervalsGivesTheSameRows() throws Exception {
        ClickLake clicks = sent("once_");
        buildBeforeTheyAreOver(clicks);
        assertSameRows(clicks, TRUTH);
    }

    @Test
    void aBackfillGivesTheSameRows() throws Exception {
        ClickLake clicks = sent("backfill_");
        clicks.build(clicks.at(AFTER, Step.Listener.NONE), Publishing.NONE);
        assertSameRows(clicks, TRUTH);
    }

    /** Only a date of today or tomorrow gets intervals when it is built for the first time. */
    private static void buildBeforeTheyAreOver(ClickLake clicks) throws Exception {
        int first = 2017;
        clicks.build(clicks.at(BEFORE, Step.Listener.NONE), Publishing.NONE, date -> date.getYear() == first);
        clicks.build(
                clicks.at(BEFORE_THE_OTHERS, Step.Listener.NONE), Publishing.NONE, date -> date.getYear() > first);
        for (Table table : ClickLake.built()) {
            assertThat(clicks.at(AFTER, Step.Listener.NONE)
                            .ledger(table.name())
                            .read()
                            .partitions())
                    .filteredOn(placed -> placed.partition().rows() > 0)
                    .isNotEmpty()
                    .allMatch(placed -> placed.partition().interval().isPresent());
        }
    }

    /** Steps of the service and of runs take turns. */
    @Test
    void aLiveServiceWhoseClockJumpsAndRunsBesideItGiveTheSameRows() throws Exception {
        ClickEvents events = new ClickEvents(14);
        events.tell("2018-02-17T23:04:00Z", "2018-02-18T05:00:00Z");
        ClickLake clicks = new ClickLake(local, kafka, spark, ZONE, "oracle_live_");
        MovedClock clock = new MovedClock();
        Lake lake = clicks.by(clock, Step.Listener.NONE);
        try (LiveService service = new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, List.of()),
                () -> spark,
                Duration.ofMillis(200),
                new SimpleMeterRegistry())) {
            for (int step = 0; step < ClickEvents.STEPS; step++) {
                clock.set(JUMPS.get(step / 2));
                for (List<Event> sent : events.landings(step)) {
                    clicks.send(sent);
                }
                if (step % 2 == 0) {
                    turns(service);
                } else {
                    Lake run = clicks.by(clock, Step.Listener.NONE);
                    clicks.land(run, Publishing.NONE);
                    clicks.build(run, Publishing.NONE);
                }
            }
            assertThat(service.status().tables())
                    .allSatisfy(table -> assertThat(table.steps()).isPositive());
        }
        assertSameRows(clicks, events.truth(ZONE));
    }

    /** Until there is nothing to do. */
    private static void turns(LiveService service) throws InterruptedException {
        boolean more;
        do {
            more = service.turn();
            assertThat(service.status().tables())
                    .allSatisfy(table -> assertThat(table.error()).isEmpty());
        } while (more);
    }

    /** A view that comes late takes a click from an hour; of the hour's files, none tells in which five minutes it was. */
    @Test
    void rowsThatAreGoneFromALongerIntervalAreGoneBehindIt() throws Exception {
        ClickLake clicks = new ClickLake(local, kafka, spark, ZONE, "gone_");
        Lake lake = clicks.at(BEFORE, Step.Listener.NONE);
        Event first = new Event(
                true, 1, 1, "ana", Instant.parse("2017-10-15T10:01:00Z").toEpochMilli());
        Event second = new Event(
                true, 1, 2, "ana", Instant.parse("2017-10-15T10:31:00Z").toEpochMilli());
        Event view = new Event(
                false, 1, 3, "ana", Instant.parse("2017-10-15T09:58:00Z").toEpochMilli());
        for (List<Event> step : List.of(List.of(first, second), List.of(view))) {
            clicks.send(step);
            clicks.land(lake, Publishing.NONE);
            clicks.build(lake, Publishing.NONE);
        }
        assertThat(clicks.rows(lake))
                .filteredOn(row -> row.startsWith("orphan_windows"))
                .containsExactly("orphan_windows 2017-10-15 1 ana 2017-10-15T10:30:00Z 0 1");
    }

    /** A lake with all events landed and nothing built. */
    private static ClickLake sent(String prefix) throws Exception {
        ClickLake clicks = new ClickLake(local, kafka, spark, ZONE, prefix);
        clicks.send(EVENTS.all());
        clicks.land(clicks.at(BEFORE, Step.Listener.NONE), Publishing.NONE);
        return clicks;
    }

    private static void assertSameRows(ClickLake clicks, List<String> truth) throws Exception {
        List<String> rows = clicks.rows(clicks.at(AFTER, Step.Listener.NONE));
        assertThat(minus(rows, truth)).as("rows that are not true").isEmpty();
        assertThat(minus(truth, rows)).as("rows that are missing").isEmpty();
        assertThat(rows).hasSameSizeAs(truth);
    }

    private static List<String> minus(List<String> some, List<String> others) {
        Set<String> known = new HashSet<>(others);
        return some.stream().filter(row -> !known.contains(row)).limit(10).toList();
    }
}
