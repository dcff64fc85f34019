package dev.igarape.jobs.plan;

import static dev.igarape.jobs.testing.EventsLake.GOLD;
import static dev.igarape.jobs.testing.EventsLake.RAW;
import static dev.igarape.jobs.testing.EventsLake.TRUSTED;
import static dev.igarape.jobs.testing.EventsLake.gold;
import static dev.igarape.jobs.testing.EventsLake.raw;
import static dev.igarape.jobs.testing.EventsLake.table;
import static dev.igarape.jobs.testing.EventsLake.tables;
import static dev.igarape.jobs.testing.EventsLake.trusted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.PlannedDate;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is planned and what is built of it, on a real metastore, with files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class PlanTest {
    private static final DateRange DAY = DateRange.of(LocalDate.parse("2024-01-01"));
    private static final DateRange WEEK = new DateRange(LocalDate.parse("2024-01-01"), LocalDate.parse("2024-01-08"));

    private static LocalLake local;

    private EventsLake events;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws Exception {
        events = new EventsLake(local);
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void plansWhatIsMissingAndWhatComesAfterIt() throws Exception {
        run(List.of(RAW), DAY, false, tables());

        assertThat(plan(tables()))
                .containsExactly(
                        "trusted.events 2024-01-01 missing [raw.events has commit 1 with 1 rows]",
                        "gold.counts 2024-01-01 missing [trusted.events is to be built]");
    }

    @Test
    void plansOnlyTheDateWhoseInputHasChanged() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), WEEK, false, tables());
        assertThat(plan(tables())).allMatch(line -> line.endsWith(" fresh []")).hasSize(14);

        run(List.of(RAW), DAY, true, tables());

        assertThat(plan(tables()))
                .filteredOn(line -> !line.endsWith(" fresh []"))
                .containsExactly(
                        "trusted.events 2024-01-01 stale [raw.events has commit 2 with 1 rows, raw.events shows commit 1 no more]",
                        "gold.counts 2024-01-01 stale [trusted.events is to be built]");
    }

    @Test
    void buildsWhatIsDueAndNothingElse() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), WEEK, false, tables());
        run(List.of(RAW), DAY, true, tables());

        List<TableRun> runs = runDue(tables());

        assertThat(runs.stream().map(run -> run.table() + " " + run.date().orElseThrow() + " " + run.outcome()))
                .containsExactly("trusted.events 2024-01-01 COMMITTED", "gold.counts 2024-01-01 COMMITTED");
        assertThat(plan(tables())).allMatch(line -> line.endsWith(" fresh []"));
        assertThat(runDue(tables())).isEmpty();
    }

    @Test
    void plansADefinitionThatHasChanged() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), DAY, false, tables());
        Expectation more = new Expectation("short", "length(user) < 4", Expectation.Action.WARN);

        assertThat(plan(raw(), trusted(more), gold()))
                .containsExactly(
                        "trusted.events 2024-01-01 stale [its definition has changed]",
                        "gold.counts 2024-01-01 stale [trusted.events is to be built]");
    }

    @Test
    void showsHowADefinitionHasChanged() throws Exception {
        run(List.of(RAW, TRUSTED), WEEK, false, tables());
        Expectation more = new Expectation("short", "length(user) < 4", Expectation.Action.QUARANTINE);

        Planner planner = new Planner(events.open(raw(), trusted(more), gold()));
        planner.plan(List.of(RAW, TRUSTED));

        assertThat(planner.redefinitions()).singleElement().satisfies(redefinition -> {
            assertThat(redefinition.table()).isEqualTo(TRUSTED);
            assertThat(redefinition.dates()).isEqualTo(7);
            assertThat(redefinition.diff())
                    .contains("--- built", "+++ declared", "+expect short (quarantine): length(user) < 4")
                    .filteredOn(line -> line.startsWith("-"))
                    .containsExactly("--- built");
        });
    }

    @Test
    void anExpectationAddedToAFilledTableQuarantinesWhatBreaksIt() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), DAY, false, tables());
        Expectation more = new Expectation("no_ana", "coalesce(user, '') <> 'ana'", Expectation.Action.QUARANTINE);
        Table[] stricter = {raw(), trusted(more), gold()};

        assertThat(plan(stricter)).first().asString().startsWith("trusted.events 2024-01-01 stale");
        List<TableRun> runs = runDue(stricter);

        assertThat(runs.stream()
                        .map(run -> run.table() + " " + run.balance().written() + " "
                                + run.balance().quarantined()))
                .containsExactly("trusted.events 1 2", "gold.counts 1 0");
        assertThat(plan(stricter)).allMatch(line -> line.endsWith(" fresh []"));
    }

    @Test
    void leavesDatesAloneThatALivingRunIsAtWorkOn() throws Exception {
        run(List.of(RAW), WEEK, false, tables());
        try (RunLease lease = declare(named("other"))) {
            assertThat(plan(tables()))
                    .first()
                    .isEqualTo("trusted.events 2024-01-01 running [run other is at work on it]");
            assertThat(runDue(tables()).stream().map(run -> run.date().orElseThrow()))
                    .hasSize(12)
                    .doesNotContain(DAY.from());
        }
        assertThat(plan(tables())).first().asString().startsWith("trusted.events 2024-01-01 missing");
    }

    @Test
    void aDeadRunsLeaseExpires() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        try (RunLease lease = declare(named("dead"))) {
            Lake later = later(events.open(tables()), Duration.ofMinutes(3));

            assertThat(new Planner(later).plan(List.of(TRUSTED)))
                    .extracting(PlannedDate::status)
                    .containsExactly(PlannedDate.Status.MISSING);
        }
    }

    @Test
    void aLeaseOfAClockThatWasFarAheadHoldsNoDate() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        try (RunLease lease = declare(later(named("ahead"), Duration.ofDays(365)))) {
            assertThat(plan(tables())).first().asString().startsWith("trusted.events 2024-01-01 missing");
        }
    }

    @Test
    void aDateWhoseInputsHaveExpiredIsFrozen() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), DAY, false, raw(), trusted(), gold());
        expire(events.open(raw(), trusted(), gold()).ledger(RAW).read());
        Expectation more = new Expectation("short", "length(user) < 4", Expectation.Action.WARN);
        Lake same = events.open(raw(), trusted(), gold());
        Lake changed = events.open(raw(), trusted(more), gold());

        assertThat(new Planner(same).plan(List.of(RAW, TRUSTED)))
                .containsExactly(new PlannedDate(TRUSTED, DAY.from(), PlannedDate.Status.FROZEN, List.of(), 0));
        assertThat(runDue(changed, BuildOverrides.NOTHING)).isEmpty();
        assertThat(run(same, List.of(TRUSTED), DAY, false).get(0).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThatThrownBy(() -> run(changed, List.of(TRUSTED), DAY, false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("raw.events has no more what commit 1 landed")
                .hasMessageContaining("--accept-loss");
        assertThat(runDue(changed, new BuildOverrides(true, false)))
                .first()
                .satisfies(run -> assertThat(run.balance().written()).isZero());
    }

    /** A ledger as retention leaves it: the commits are known, their rows are gone. */
    private void expire(LedgerState state) throws Exception {
        LedgerState empty = new LedgerState(
                state.version(),
                state.table(),
                state.head(),
                state.columns(),
                state.avroSchema(),
                state.nextOffsets(),
                state.topicIds(),
                state.files(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(Set.of(DAY.from())),
                Optional.empty(),
                Optional.empty());
        Files.write(
                Path.of(URI.create(events.open(tables()).target().ledgerFolder(state.table())))
                        .resolve("%012d.snapshot".formatted(state.head())),
                Json.mapper().writeValueAsBytes(empty));
    }

    @Test
    void callsADateBlockedWhoseInputLacksIt() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), DAY, false, tables());
        Table both = new Table(
                GOLD,
                "",
                gold().definition(),
                gold().columns(),
                List.of(new Input(TRUSTED, 0), new Input(TableName.parse("trusted.other"), 0)),
                List.of(),
                "forever",
                gold().definitionHash());
        Table other =
                table(TableName.parse("trusted.other"), new DailyDefinition("SELECT 1"), Map.of(), RAW, List.of());

        Lake lake = events.open(raw(), trusted(), other, both);
        assertThat(new Planner(lake).plan(List.of(GOLD)))
                .containsExactly(new PlannedDate(
                        GOLD, DAY.from(), PlannedDate.Status.BLOCKED, List.of("trusted.other has no 2024-01-01"), 0));
    }

    /** The plan of all tables, a line for each date. */
    private List<String> plan(Table... tables) throws Exception {
        Lake lake = events.open(tables);
        return new Planner(lake)
                .plan(List.of(RAW, TRUSTED, GOLD)).stream()
                        .map(date -> date.table() + " " + date.date() + " " + date.status() + " " + date.reasons())
                        .toList();
    }

    private List<TableRun> runDue(Table... tables) throws Exception {
        return runDue(events.open(tables), BuildOverrides.NOTHING);
    }

    private static List<TableRun> runDue(Lake lake, BuildOverrides accepted) throws Exception {
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            return runner.runDue(List.of(RAW, TRUSTED, GOLD), Optional.empty(), accepted);
        }
    }

    private List<TableRun> run(List<TableName> names, DateRange range, boolean refetch, Table... tables)
            throws Exception {
        return run(events.open(tables), names, range, refetch);
    }

    private static List<TableRun> run(Lake lake, List<TableName> names, DateRange range, boolean refetch)
            throws Exception {
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            return runner.run(names, range, new RunOptions(refetch, false, BuildOverrides.NOTHING));
        }
    }

    private static RunLease declare(Lake lake) throws Exception {
        return RunLease.declare(lake, StartedRun.of(lake, TRUSTED, List.of(DAY.from())));
    }

    private Lake named(String run) throws Exception {
        Lake lake = events.open(tables());
        return new Lake(lake.manifest(), lake.target(), lake.hadoop(), lake.files(), lake.clock(), run, lake.steps());
    }

    private static Lake later(Lake lake, Duration by) {
        return new Lake(
                lake.manifest(),
                lake.target(),
                lake.hadoop(),
                lake.files(),
                Clock.offset(lake.clock(), by),
                lake.runId(),
                lake.steps());
    }
}
