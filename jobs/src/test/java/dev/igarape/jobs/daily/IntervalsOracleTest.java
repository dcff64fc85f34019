package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.daily.ClickEvents.Event;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.live.LiveService;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.maintenance.FoldLanded;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables with intervals hold the same rows however their input is split into steps: those of {@link ClickEvents}. Events
 * come late, twice and out of order, in São Paulo when it still changed its clocks.
 *
 * <p>With {@code -Digarape.splits=13} so many more lakes are each split into steps in another way.
 */
@ExtendWith(TestServers.class)
@Timeout(900)
final class IntervalsOracleTest {
    private static final ZoneId ZONE = ZoneId.of("America/Sao_Paulo");
    private static final String BEFORE = "2017-10-14T12:00:00Z";
    private static final String BEFORE_THE_OTHERS = "2018-02-17T15:00:00Z";
    private static final String AFTER = "2019-01-01T12:00:00Z";
    private static final int SEED = 13;
    private static final ClickEvents EVENTS = told(new ClickEvents(SEED));
    private static final List<String> TRUTH = EVENTS.truth(ZONE);
    private static final FoldLanded.Limits FOLDS =
            new FoldLanded.Limits(2, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(10), 8);
    private static final String FIRST_NIGHT = "2017-10-15T01:30:00Z";
    /** What a clock says that jumps: on the first of two dates, more than a year behind them, and long before them. */
    private static final List<String> JUMPS =
            List.of("2018-02-18T01:30:00Z", "2019-03-01T12:00:00Z", "2017-01-01T12:00:00Z");

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    /** Over the day without a first hour, and over that with 23 o'clock twice. */
    private static ClickEvents told(ClickEvents events) {
        events.tell("2017-10-14T22:04:00Z", "2017-10-15T07:00:00Z");
        events.tell("2018-02-17T20:04:00Z", "2018-02-18T06:00:00Z");
        return events;
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(SEED, SEED + Integer.getInteger("igarape.splits", 0));
    }

    /** What is done between steps. */
    private enum Upkeep {
        FOLD,
        COMPACT_LANDED,
        COMPACT_BUILT,
        NONE
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anySplitIntoStepsGivesTheSameRows(int seed) throws Exception {
        ClickEvents events = seed == SEED ? EVENTS : told(new ClickEvents(seed, 3));
        assertThat(events.splits()).isGreaterThanOrEqualTo(seed == SEED ? 1000 : 150);
        List<Upkeep> upkeep = new ArrayList<>(
                List.of(Upkeep.FOLD, Upkeep.FOLD, Upkeep.COMPACT_LANDED, Upkeep.COMPACT_BUILT, Upkeep.NONE));
        Collections.shuffle(upkeep, new Random(seed));
        ClickLake clicks = new ClickLake(local, ZONE, "steps" + seed + "_");
        for (int step = 0; step < ClickEvents.STEPS; step++) {
            // Dates that are over keep their intervals, and are built by them.
            Lake lake = clicks.at(step < ClickEvents.STEPS / 2 ? BEFORE : AFTER, Step.Listener.NONE);
            for (List<Event> landing : events.landings(step)) {
                clicks.send(landing);
                clicks.land(lake, Publishing.NONE);
            }
            if (step == 0) {
                buildBeforeTheyAreOver(clicks);
            } else {
                clicks.build(lake, Publishing.NONE);
            }
            if (step < upkeep.size()) {
                keepUp(clicks.at(AFTER, Step.Listener.NONE), upkeep.get(step));
            }
        }
        assertSameRows(clicks, events.truth(ZONE));
    }

    private static void keepUp(Lake lake, Upkeep upkeep) throws Exception {
        for (String name : List.of("raw.clicks", "raw.views")) {
            Table landed = lake.table(TableName.parse(name));
            if (upkeep == Upkeep.FOLD) {
                new FoldLanded(lake, Publishing.NONE, FOLDS).run(landed);
            } else if (upkeep == Upkeep.COMPACT_LANDED) {
                compact(lake, landed);
            }
        }
        if (upkeep == Upkeep.COMPACT_BUILT) {
            for (String name : List.of("trusted.windows", "trusted.each", "trusted.orphans")) {
                compact(lake, lake.table(TableName.parse(name)));
            }
        }
    }

    private static void compact(Lake lake, Table table) throws Exception {
        assertThat(new Compact(lake, Publishing.NONE, local::spark).run(table, false))
                .isNotEmpty();
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
        clicks.build(clicks.at(BEFORE_THE_OTHERS, Step.Listener.NONE), Publishing.NONE, date -> date.getYear() > first);
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
        events.tell("2017-10-15T02:04:00Z", "2017-10-15T04:00:00Z");
        events.tell("2018-02-18T01:04:00Z", "2018-02-18T03:30:00Z");
        ClickLake clicks = new ClickLake(local, ZONE, "oracle_live_");
        MovedClock clock = new MovedClock();
        Lake lake = clicks.by(clock, Step.Listener.NONE);
        try (LiveService service = new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, List.of()),
                local::spark,
                Duration.ofMillis(200),
                new SimpleMeterRegistry())) {
            for (int step = 0; step < ClickEvents.STEPS; step++) {
                List<Event> sent =
                        events.landings(step).stream().flatMap(List::stream).toList();
                if (step == 0) {
                    // Dates get intervals if they are not over when they are built for the first time.
                    clock.set(FIRST_NIGHT);
                    clicks.send(
                            sent.stream().filter(event -> isOfFirstNight(event)).toList());
                    turns(service);
                    sent = sent.stream().filter(event -> !isOfFirstNight(event)).toList();
                }
                clock.set(JUMPS.get(step / 2));
                clicks.send(sent);
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

    private static boolean isOfFirstNight(Event event) {
        return event.at() < Instant.parse("2018-01-01T00:00:00Z").toEpochMilli();
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
        ClickLake clicks = new ClickLake(local, ZONE, "gone_");
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
        ClickLake clicks = new ClickLake(local, ZONE, prefix);
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
