package dev.igarape.jobs.live;

import static dev.igarape.jobs.live.LiveLake.RAW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.CommitRule;
import dev.igarape.model.DateRange;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** When the live service lands tables that say when they commit, by a clock that only the tests move. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class CommitRuleTest {
    private static final String DAY = "2024-01-01";
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final TableName PRICES = TableName.parse("raw.prices");
    private static final long PRICES_SIZE = 100;

    private static LocalLake local;

    private final MovedClock clock = new MovedClock();
    private LiveLake clicks;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() {
        clicks = new LiveLake(local);
    }

    @Test
    void byTimeALandingWaitsUntilItHasPassedSinceTheLastOne() throws Exception {
        try (LiveService service = service(lake(every(FIVE_MINUTES)))) {
            clicks.send(DAY, 1);
            assertLands(service, 1);

            clicks.send(DAY, 2);
            assertHolds(service, 1, 1);
            clicks.send(DAY, 3);
            clock.forward(FIVE_MINUTES.minusMillis(1));
            assertHolds(service, 1, 2);
            assertThat(status(service).ageSeconds()).contains(299.999);
            clock.forward(Duration.ofMillis(1));
            assertLands(service, 2);
            assertThat(status(service).ageSeconds()).contains(0.0);

            // Nothing comes for a while.
            clock.forward(FIVE_MINUTES);
            service.turn();
            clock.forward(FIVE_MINUTES);
            service.turn();
            assertThat(landings()).isEqualTo(2);
            clicks.send(DAY, 4);
            assertLands(service, 3);
        }
    }

    @Test
    void bySizeALandingWaitsUntilAsMuchIsThereAlsoAfterARestart() throws Exception {
        long size = landed(4);
        try (LiveService service = service(lake(orSize(size)))) {
            clicks.send(DAY, 5, 6);
            assertHolds(service, 1, 2);
        }
        clock.forward(Duration.ofDays(1));
        try (LiveService service = service(lake(orSize(size)))) {
            clicks.send(DAY, 7);
            assertHolds(service, 1, 3);
            clicks.send(DAY, 8);
            assertLands(service, 2);
        }
    }

    @Test
    void timeAndSizeEndTheWaitWhicheverComesFirst() throws Exception {
        long size = landed(4);
        CommitRule rule = new CommitRule(Optional.of(FIVE_MINUTES), Optional.of(size));
        try (LiveService service = service(lake(rule))) {
            clicks.send(DAY, 5);
            assertHolds(service, 1, 1);
            clock.forward(FIVE_MINUTES);
            assertLands(service, 2);

            clicks.send(DAY, 6);
            assertHolds(service, 2, 1);
            clicks.send(DAY, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
            assertLands(service, 3);
        }
    }

    @Test
    void theTimeOfTheLastLandingStandsInTheLedger() throws Exception {
        CommitRule rule = every(FIVE_MINUTES);
        clicks.send(DAY, 1);
        try (LiveService service = service(lake(rule))) {
            assertLands(service, 1);
        }
        clock.forward(Duration.ofMinutes(3));
        // Other commits, such as those that merge batches, are no landings.
        Ledger ledger = lake(rule).ledger(RAW);
        ledger.commit(Commit.of(RAW, "merge").by("merge", Operation.COMPACT).build(), ledger.read());

        clicks.send(DAY, 2);
        try (LiveService service = service(lake(rule))) {
            assertHolds(service, 1, 1);
            clock.forward(Duration.ofMinutes(1));
            ledger.commit(Commit.of(RAW, "again").by("merge", Operation.COMPACT).build(), ledger.read());
            assertHolds(service, 1, 1);
            clock.forward(Duration.ofMinutes(1));
            assertLands(service, 2);
        }
    }

    @Test
    void aRunBesideItLandsAtOnce() throws Exception {
        CommitRule rule = every(FIVE_MINUTES);
        try (LiveService service = service(lake(rule))) {
            clicks.send(DAY, 1);
            assertLands(service, 1);
            clock.forward(Duration.ofMinutes(4));
            clicks.send(DAY, 2);
            assertHolds(service, 1, 1);

            assertThat(run(lake(rule)).outcome()).isEqualTo(TableRun.Outcome.COMMITTED);
            assertLands(service, 2);
            // It counts as the last landing.
            clicks.send(DAY, 3);
            clock.forward(Duration.ofMinutes(4));
            assertHolds(service, 2, 1);
            clock.forward(Duration.ofMinutes(1));
            assertLands(service, 3);
        }
    }

    @Test
    void aLandingByAClockThatWasAheadHoldsNothingBackForLonger() throws Exception {
        CommitRule rule = every(FIVE_MINUTES);
        MovedClock ahead = new MovedClock();
        ahead.forward(Duration.ofDays(365));
        clicks.send(DAY, 1);
        run(clicks.open(ahead, Step.Listener.NONE, clicks.raw(Optional.of(rule))));

        clicks.send(DAY, 2);
        try (LiveService service = service(lake(rule))) {
            assertHolds(service, 1, 1);
            clock.forward(FIVE_MINUTES);
            assertLands(service, 2);
        }
    }

    @Test
    void whereNothingWaitsItIsOnRecordAsWholeOnceAMinute() throws Exception {
        AtomicInteger plans = new AtomicInteger();
        Lake lake = clicks.open(
                clock,
                step -> plans.addAndGet(step == Step.PLANNED ? 1 : 0),
                clicks.raw(Optional.of(orSize(Long.MAX_VALUE))));
        clicks.send(DAY, 1);
        try (LiveService service = service(lake)) {
            assertLands(service, 1);
            plans.set(0);
            clock.forward(Duration.ofMinutes(1));
            service.turn();
            assertThat(plans.get()).isPositive();

            plans.set(0);
            clicks.send(DAY, 2);
            clock.forward(Duration.ofMinutes(1));
            assertHolds(service, 1, 1);
            assertThat(plans.get()).isZero();
        }
    }

    @Test
    void filesWaitByTheirLength() throws Exception {
        String prefix = "rule_files_";
        Path prices = Files.createDirectories(local.folder().resolve(prefix + "landing"));
        Source source = new Source.Files("/" + prefix + "landing/*.csv", "csv", ",", List.of(), "UTF-8");
        Table table = LiveLake.landing(PRICES, new LandingDefinition(source, Optional.of(orSize(PRICES_SIZE))));
        Path first = write(prices, "a.csv", 10);
        Ledger ledger;
        try (LiveService service = service(filesLake(prefix, table))) {
            ledger = filesLake(prefix, table).ledger(PRICES);
            service.turn();
            assertThat(ledger.read().head()).isEqualTo(1);

            write(prices, "b.csv", 60);
            service.turn();
            assertThat(status(service).state()).isEqualTo(LiveStatus.State.WAITING);
            assertThat(ledger.read().head()).isEqualTo(1);
        }
        try (LiveService service = service(filesLake(prefix, table))) {
            service.turn();
            assertThat(ledger.read().head()).isEqualTo(1);
            write(prices, "c.csv", 40);
            service.turn();
            assertThat(ledger.read().head()).isEqualTo(2);
            assertThat(ledger.read().files()).hasSize(3);

            // Touched, with the same bytes: the next landing finds nothing new in it, and it waits no longer.
            Files.setLastModifiedTime(first, FileTime.from(Instant.parse("2024-02-01T00:00:00Z")));
            write(prices, "d.csv", 90);
            service.turn();
            assertThat(ledger.read().head()).isEqualTo(3);
            write(prices, "e.csv", 95);
            service.turn();
            assertThat(status(service).state()).isEqualTo(LiveStatus.State.WAITING);
            assertThat(ledger.read().head()).isEqualTo(3);
        }
    }

    private static Path write(Path where, String name, int length) throws Exception {
        return Files.writeString(where.resolve(name), "x\n" + "1".repeat(length - 3) + "\n");
    }

    private Lake filesLake(String prefix, Table table) throws Exception {
        return local.lake(prefix, Map.of(), Map.of(), Map.of(), clock, Step.Listener.NONE, table);
    }

    private static CommitRule every(Duration time) {
        return new CommitRule(Optional.of(time), Optional.empty());
    }

    private static CommitRule orSize(long bytes) {
        return new CommitRule(Optional.empty(), Optional.of(bytes));
    }

    private Lake lake(CommitRule rule) throws Exception {
        return clicks.open(clock, Step.Listener.NONE, clicks.raw(Optional.of(rule)));
    }

    /** Lands so many clicks; returns the bytes that have become of them. */
    private long landed(int count) throws Exception {
        for (int id = 1; id <= count; id++) {
            clicks.send(DAY, id);
        }
        Lake lake = lake(every(FIVE_MINUTES));
        run(lake);
        return lake.ledger(RAW).commit(1).partitions().stream()
                .mapToLong(partition -> partition.bytes())
                .sum();
    }

    /** What {@code ./lake run} does. */
    private static TableRun run(Lake lake) throws Exception {
        try (dev.igarape.jobs.TableRunner runner = new dev.igarape.jobs.TableRunner(lake, CommitRuleTest::noSpark)) {
            RunOptions options = new RunOptions(false, false, BuildOverrides.NOTHING);
            return runner.run(List.of(RAW), DateRange.of(LocalDate.parse(DAY)), options)
                    .get(0);
        }
    }

    private static LiveService service(Lake lake) throws Exception {
        return new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, List.of()),
                CommitRuleTest::noSpark,
                Duration.ofMillis(200),
                new SimpleMeterRegistry(),
                lake.clock());
    }

    private static SparkSession noSpark() {
        throw new AssertionError("Spark was asked for");
    }

    private static LiveStatus.TableStatus status(LiveService service) {
        return service.status().tables().get(0);
    }

    /** How many commits took something from the topic; others merge their batches. */
    private long landings() throws Exception {
        Ledger ledger = lake(every(FIVE_MINUTES)).ledger(RAW);
        long landings = 0;
        for (long sequence = ledger.read().head(); sequence > 0; sequence--) {
            landings += ledger.commit(sequence).operation() == Operation.LAND ? 1 : 0;
        }
        return landings;
    }

    /** After a turn all is landed, by so many landings since the first. */
    private void assertLands(LiveService service, long landings) throws Exception {
        service.turn();
        assertThat(landings()).isEqualTo(landings);
        assertThat(status(service).state()).isEqualTo(LiveStatus.State.IDLE);
        assertThat(status(service).lagOffsets()).contains(0L);
    }

    /** A turn commits nothing, so that there are as many landings as before; so many records wait. */
    private void assertHolds(LiveService service, long landings, long records) throws Exception {
        assertThat(service.turn()).isFalse();
        assertThat(landings()).isEqualTo(landings);
        assertThat(status(service).state()).isEqualTo(LiveStatus.State.WAITING);
        assertThat(status(service).lagOffsets()).contains(records);
    }
}
