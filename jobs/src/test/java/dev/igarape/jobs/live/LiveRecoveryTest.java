package dev.igarape.jobs.live;

import static dev.igarape.jobs.live.LiveLake.RAW;
import static dev.igarape.jobs.live.LiveLake.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the live service goes on after failures, and beside other runs. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class LiveRecoveryTest {
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
    void aBuildWhosePublishFailedIsPublishedInALaterTurn() throws Exception {
        clicks.send("2024-01-01", 1);
        try (LiveService service = service(lake(secondPublishFails()), RAW, TRUSTED)) {
            service.turn();
            assertThat(status(service, TRUSTED).error()).isPresent();
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).isEmpty();

            clock.forward(Duration.ofSeconds(1));
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).containsExactly("2024-01-01 1");
            assertThat(status(service, TRUSTED).error()).isEmpty();
            assertThat(status(service, TRUSTED).lastCommit()).isEqualTo(1);
        }
    }

    @Test
    void aBuildThatDiedBeforeItsPublishIsPublishedByTheNextService() throws Exception {
        clicks.send("2024-01-01", 1);
        try (LiveService service = service(lake(secondPublishFails()), RAW, TRUSTED)) {
            service.turn();
        }
        assertThat(clicks.rows(TRUSTED, "parquet", "id")).isEmpty();

        try (LiveService service = service(lake(Step.Listener.NONE), RAW, TRUSTED)) {
            service.turn();
        }
        assertThat(clicks.rows(TRUSTED, "parquet", "id")).containsExactly("2024-01-01 1");
    }

    /** Fails before the second table of a turn is published. */
    private static Step.Listener secondPublishFails() {
        AtomicInteger leased = new AtomicInteger();
        return step -> {
            if (step == Step.LEASED && leased.incrementAndGet() == 2) {
                throw new LakeException(ExitCode.UNAVAILABLE, "The metastore is down.");
            }
        };
    }

    @Test
    void aCheckedExceptionThatIsNotDeclaredEndsNoTurn() throws Exception {
        clicks.send("2024-01-01", 1);
        AtomicInteger planned = new AtomicInteger();
        Step.Listener failing = step -> {
            if (step == Step.PLANNED && planned.incrementAndGet() == 1) {
                throw LiveRecoveryTest.<RuntimeException>undeclared(new SparkException("a task failed"));
            }
        };
        try (LiveService service = service(lake(failing), RAW)) {
            service.turn();
            assertThat(status(service, RAW).error()).isPresent();
            clock.forward(Duration.ofSeconds(1));
            service.turn();
            assertThat(status(service, RAW).error()).isEmpty();
            assertThat(clicks.rows(RAW, "avro", "offset")).containsExactly("2024-01-01 0");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void topicsThatAnotherTableGoesOnWithAreNotWaitedFor() throws Exception {
        clicks.send("2024-01-01", 1, 2);
        try (LiveService service = service(clicks.open(clock, Step.Listener.NONE, clicks.raw()))) {
            service.turn();
        }
        clicks.send("2024-01-01", 3, 4, 5);
        Table next = clicks.raw("raw.clicks_2", "after raw.clicks");
        try (LiveService service = service(clicks.open(clock, Step.Listener.NONE, clicks.raw(), next))) {
            assertThat(service.turn()).isFalse();
            assertThat(status(service, RAW).lagOffsets().orElse(0L)).isZero();
            assertThat(status(service, RAW).lastCommit()).isEqualTo(1);
            assertThat(status(service, next.name()).rows().written()).isEqualTo(3);
        }
    }

    @Test
    void aDateThatAnotherRunHasBuiltByANewDefinitionIsLeftToIt() throws Exception {
        Table changed = EventsLake.table(
                TRUSTED, new DailyDefinition("SELECT 'new' AS id FROM raw.clicks"), Map.of(), RAW, List.of());
        clicks.send("2024-01-01", 1);
        try (LiveService service = service(lake(Step.Listener.NONE), RAW, TRUSTED)) {
            service.turn();
            try (LiveService other = service(clicks.open(clock, Step.Listener.NONE, clicks.raw(), changed), TRUSTED)) {
                other.turn();
                assertThat(status(other, TRUSTED).error()).isEmpty();
            }
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).containsExactly("2024-01-01 new");

            clicks.send("2024-01-01", 2);
            clicks.send("2024-01-02", 3);
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id"))
                    .containsExactlyInAnyOrder("2024-01-01 new", "2024-01-02 3");
            LiveStatus.Failure failure = status(service, TRUSTED).error().orElseThrow();
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DEFINITION.status());
            assertThat(failure.message()).contains("2024-01-01: definitions have changed", "start it again");
        }
        try (LiveService service = service(lake(Step.Listener.NONE), RAW, TRUSTED)) {
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id"))
                    .containsExactlyInAnyOrder("2024-01-01 1", "2024-01-01 2", "2024-01-02 3");
        }
    }

    @Test
    void aDateThatAnotherRunIsAtWorkOnIsLeftToItForAWhile() throws Exception {
        clicks.send("2024-01-01", 1);
        clicks.send("2024-01-02", 2);
        Lake other = lake(Step.Listener.NONE);
        try (LiveService service = service(lake(Step.Listener.NONE), RAW, TRUSTED)) {
            try (RunLease lease =
                    RunLease.declare(other, StartedRun.of(other, TRUSTED, List.of(LocalDate.parse("2024-01-01"))))) {
                service.turn();
                assertThat(clicks.rows(TRUSTED, "parquet", "id")).containsExactly("2024-01-02 2");
                assertThat(status(service, TRUSTED).error()).isEmpty();
            }
            // The run has ended without it.
            clock.forward(Duration.ofSeconds(9));
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).hasSize(1);
            clock.forward(Duration.ofSeconds(1));
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).containsExactlyInAnyOrder("2024-01-01 1", "2024-01-02 2");
        }
    }

    @Test
    void batchesThatCannotBeMergedHoldUpNoLanding() throws Exception {
        AtomicInteger planned = new AtomicInteger();
        // The first plan is that of the landing.
        Step.Listener failing = step -> {
            if (step == Step.PLANNED && planned.incrementAndGet() == 2) {
                throw new LakeException(ExitCode.UNAVAILABLE, "A disk is full.");
            }
        };
        clicks.send("2024-01-01", 1);
        try (LiveService service = service(lake(failing), RAW)) {
            service.turn();
            assertThat(status(service, RAW).error()).isEmpty();
            clicks.send("2024-01-01", 2);
            service.turn();
            assertThat(status(service, RAW).lastCommit()).isEqualTo(2);
            assertThat(planned.get()).isEqualTo(3);
            clock.forward(Duration.ofMinutes(1));
            service.turn();
            assertThat(planned.get()).isEqualTo(5);
        }

        assertThat(clicks.rows(TableName.parse("ops.runs"), "avro", "concat(message, ' ', warnings[0])"))
                .singleElement()
                .asString()
                .contains("2 steps: commits 1 to 2, read 2", "were not merged", "A disk is full.");
    }

    @Test
    void aMinuteThatEndsWithAFailureKeepsWhatItsStepsHaveDone() throws Exception {
        AtomicInteger planned = new AtomicInteger();
        // The second plan is that of the merge of batches.
        Step.Listener failing = step -> {
            if (step == Step.PLANNED && planned.incrementAndGet() == 3) {
                throw new LakeException(ExitCode.UNAVAILABLE, "A disk is full.");
            }
        };
        try (LiveService service = service(lake(failing), RAW)) {
            clicks.send("2024-01-01", 1, 2);
            service.turn();
            clicks.send("2024-01-01", 3);
            service.turn();
        }
        assertThat(clicks.rows(TableName.parse("ops.runs"), "avro", "concat(outcome, ' ', message)"))
                .singleElement()
                .asString()
                .contains("failed 2 steps: commit 1, read 2", "then one failed: A disk is full.");
    }

    @Test
    void aClockThatIsSetBackLengthensNoWait() throws Exception {
        AtomicInteger planned = new AtomicInteger();
        Step.Listener failing = step -> {
            if (step == Step.PLANNED && planned.incrementAndGet() == 1) {
                throw new LakeException(ExitCode.UNAVAILABLE, "A disk is full.");
            }
        };
        MovedClock waits = new MovedClock();
        clicks.send("2024-01-01", 1);
        try (LiveService service = service(lake(failing), waits, RAW)) {
            service.turn();
            assertThat(status(service, RAW).error().orElseThrow().retryAt())
                    .isEqualTo(clock.instant().plusSeconds(1));
            clock.forward(Duration.ofHours(-1));
            waits.forward(Duration.ofSeconds(1));
            service.turn();
            assertThat(status(service, RAW).error()).isEmpty();
            assertThat(status(service, RAW).lastCommit()).isEqualTo(1);
            assertThat(status(service, RAW).ageSeconds()).contains(0.0);
        }
    }

    private Lake lake(Step.Listener steps) throws Exception {
        return clicks.open(clock, steps, clicks.tables());
    }

    private static LiveService service(Lake lake, TableName... names) throws Exception {
        return service(lake, lake.clock(), names);
    }

    private static LiveService service(Lake lake, InstantSource waits, TableName... names) throws Exception {
        return new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, List.of(names)),
                local::spark,
                Duration.ofMillis(200),
                new SimpleMeterRegistry(),
                waits);
    }

    private static LiveStatus.TableStatus status(LiveService service, TableName table) {
        return service.status().tables().stream()
                .filter(status -> status.table().equals(table))
                .findFirst()
                .orElseThrow();
    }
}
