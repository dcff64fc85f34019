package dev.igarape.jobs.live;

import static dev.igarape.jobs.live.LiveLake.GOLD;
import static dev.igarape.jobs.live.LiveLake.RAW;
import static dev.igarape.jobs.live.LiveLake.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Rollback;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.job.PlannedDate;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The live service on a real broker and metastore, with files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class LiveTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern TIMES = Pattern.compile("step ms p50 ([0-9]+), max ([0-9]+)$");

    private static LocalLake local;

    private final MovedClock clock = new MovedClock();
    private final Map<LiveService, CompletableFuture<Void>> running = new HashMap<>();
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
    void eventsBecomeRowsAlsoWhenTheyAreLateOrDoubled() throws Exception {
        clicks.send("2024-01-01", 1, 2, 3);
        run(service(lake(Clock.systemUTC(), Step.Listener.NONE)));
        await().atMost(PATIENCE).until(() -> clicks.pages().size() == 3);

        clicks.send("2024-01-02", 4, 5, 6, 7);
        clicks.send("2024-01-01", 3, 3, 8, 9);
        clicks.send("2024-01-02", 7, 1);
        List<String> expected = List.of(
                "2024-01-01 p0 2",
                "2024-01-01 p1 1",
                "2024-01-01 p2 2",
                "2024-01-02 p0 1",
                "2024-01-02 p1 3",
                "2024-01-02 p2 1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(clicks.pages()).containsExactlyInAnyOrderElementsOf(expected));

        stop();
        assertThat(plan()).extracting(PlannedDate::status).containsOnly(PlannedDate.Status.FRESH);
    }

    @Test
    void twoServicesAtOnceLandAndCountEachEventOnce() throws Exception {
        run(service(lake(Clock.systemUTC(), Step.Listener.NONE)));
        run(service(lake(Clock.systemUTC(), Step.Listener.NONE)));
        for (int batch = 0; batch < 10; batch++) {
            clicks.send(
                    "2024-01-01", IntStream.range(batch * 30, batch * 30 + 30).toArray());
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(clicks.pages())
                        .containsExactlyInAnyOrder("2024-01-01 p0 100", "2024-01-01 p1 100", "2024-01-01 p2 100"));
        stop();
        List<String> landed = clicks.rows(RAW, "avro", "concat(partition, ' ', offset)");
        assertThat(landed).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void anIdleTurnPlansAndCommitsNothing() throws Exception {
        clicks.send("2024-01-01", 1, 2, 3);
        AtomicInteger steps = new AtomicInteger();
        try (LiveService service = service(lake(clock, step -> steps.incrementAndGet()))) {
            service.turn();
            assertThat(steps.get()).isPositive();
            steps.set(0);
            List<Long> heads = heads();
            for (int turn = 0; turn < 5; turn++) {
                clock.forward(Duration.ofSeconds(1));
                assertThat(service.turn()).isFalse();
            }

            assertThat(steps.get()).isZero();
            assertThat(heads()).isEqualTo(heads);
            LiveStatus.TableStatus raw = status(service, RAW);
            assertThat(raw.lagOffsets()).contains(0L);
            assertThat(raw.rows()).isEqualTo(new LiveStatus.Rows(3, 3, 0));
            assertThat(raw.steps()).isEqualTo(1);
            assertThat(service.status().tables())
                    .allSatisfy(table -> assertThat(table.ageSeconds()).contains(0.0));
        }
    }

    @Test
    void aStepPlansTheDatesThatNewRowsTouchAndNowAndThenAll() throws Exception {
        clicks.send("2024-01-01", 1, 2, 3);
        Lake lake = lake(clock, Step.Listener.NONE);
        try (LiveService service = service(lake)) {
            service.turn();
            clicks.send("2024-01-01", 4);
            service.turn();
            // Makes the date stale without a commit of an input.
            try (Publisher publisher = lake.publisher()) {
                new Rollback(lake, publisher)
                        .run(lake.table(TRUSTED), LocalDate.parse("2024-01-01"), Optional.empty(), false);
            }
            clicks.send("2024-01-02", 5);
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id"))
                    .containsExactlyInAnyOrder("2024-01-01 1", "2024-01-01 2", "2024-01-01 3", "2024-01-02 5");

            clock.forward(Duration.ofMinutes(10));
            clicks.send("2024-01-02", 6);
            service.turn();
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).hasSize(6);
        }
    }

    @Test
    void aLandingIsOnRecordAsWholeAtLeastOnceAMinute() throws Exception {
        clicks.send("2024-01-01", 1);
        AtomicInteger plans = new AtomicInteger();
        try (LiveService service = service(lake(clock, step -> count(step, Step.PLANNED, plans)), RAW)) {
            service.turn();
            plans.set(0);
            clock.forward(Duration.ofSeconds(59));
            service.turn();
            assertThat(plans.get()).isZero();
            clock.forward(Duration.ofSeconds(1));
            service.turn();
            // The landing, and the merging of its batches.
            assertThat(plans.get()).isEqualTo(2);
        }
    }

    @Test
    void aTableThatFailsWaitsLongerEachTimeAndStopsNoOther() throws Exception {
        Table strict = LiveLake.trusted(new Expectation("few", "id < 5", Expectation.Action.FAIL));
        Table other = dev.igarape.jobs.testing.EventsLake.table(
                TableName.parse("trusted.values"),
                new DailyDefinition("SELECT value FROM raw.clicks"),
                Map.of(),
                RAW,
                List.of());
        AtomicInteger plans = new AtomicInteger();
        Lake lake = clicks.open(
                clock, step -> count(step, Step.PLANNED, plans), clicks.raw(), strict, LiveLake.gold(), other);
        clicks.send("2024-01-01", 1, 2, 7);
        clicks.send("2024-01-02", 3);
        try (LiveService service = service(lake)) {
            service.turn();

            LiveStatus.Failure failure = status(service, TRUSTED).error().orElseThrow();
            assertThat(failure.exitCode()).isEqualTo(5);
            assertThat(failure.message()).contains("few");
            assertThat(failure.retryAt()).isEqualTo(clock.instant().plusSeconds(1));
            assertThat(status(service, TRUSTED).state()).isEqualTo(LiveStatus.State.BACKING_OFF);
            assertThat(clicks.rows(other.name(), "parquet", "1")).hasSize(4);
            // The other date of the table that fails.
            assertThat(clicks.rows(TRUSTED, "parquet", "id")).containsExactly("2024-01-02 3");
            assertThat(clicks.pages()).containsExactly("2024-01-02 p0 1");

            plans.set(0);
            service.turn();
            assertThat(plans.get()).isZero();
            clock.forward(Duration.ofSeconds(1));
            service.turn();
            assertThat(plans.get()).isEqualTo(1);
            clock.forward(Duration.ofSeconds(1));
            service.turn();
            assertThat(plans.get()).isEqualTo(1);

            for (int seconds : List.of(1, 4, 8, 16)) {
                clock.forward(Duration.ofSeconds(seconds));
                service.turn();
            }
            assertThat(plans.get()).isEqualTo(5);

            // New rows of the date are a reason to try sooner, but not at once each time.
            for (int change = 1; change <= 4; change++) {
                clicks.send("2024-01-01", 4);
                clock.forward(Duration.ofSeconds(5));
                service.turn();
            }
            assertThat(status(service, TRUSTED).error().orElseThrow().retryAt())
                    .isEqualTo(clock.instant().plusSeconds(60));
        }
    }

    @Test
    void aMinuteWithStepsIsOneRunOnRecord() throws Exception {
        Lake lake = lake(clock, Step.Listener.NONE);
        try (LiveService service = service(lake)) {
            for (int id = 1; id <= 3; id++) {
                clicks.send("2024-01-01", id);
                service.turn();
                clock.forward(Duration.ofSeconds(15));
            }
            clock.forward(Duration.ofSeconds(15));
            clicks.send("2024-01-01", 4);
            service.turn();
            await().atMost(PATIENCE).until(() -> runs().size() == 3);
        }

        assertThat(runs())
                .containsExactlyInAnyOrder(
                        "raw.clicks committed 3 steps: commits 1 to 3, read 3, written 3, quarantined 0, MS",
                        "trusted.clicks committed 3 steps: commits 1 to 3, read 6, written 6, quarantined 0, MS",
                        "gold.pages committed 3 steps: commits 1 to 3, read 6, written 6, quarantined 0, MS",
                        "raw.clicks committed 1 step: commit 4, read 1, written 1, quarantined 0, MS",
                        "trusted.clicks committed 1 step: commit 4, read 4, written 4, quarantined 0, MS",
                        "gold.pages committed 1 step: commit 4, read 3, written 3, quarantined 0, MS");
    }

    @Test
    void aServiceThatRunsHoldsALeaseThatHidesNoDate() throws Exception {
        Lake lake = lake(clock, Step.Listener.NONE);
        Path running = Path.of(URI.create(lake.target().ledgerFolder(TRUSTED))).resolve("_running");
        try (LiveService service = service(lake)) {
            service.turn();
            assertThat(running.toFile().list()).hasSize(1);
            clicks.send("2024-01-01", 1);
            assertThat(RunLease.running(lake, TRUSTED)).isEmpty();
        }
        assertThat(running.toFile().list()).isEmpty();
    }

    @Test
    void stoppingLetsTheStepEnd() throws Exception {
        clicks.send("2024-01-01", 1);
        AtomicReference<LiveService> service = new AtomicReference<>();
        AtomicInteger published = new AtomicInteger();
        service.set(service(lake(Clock.systemUTC(), step -> {
            count(step, Step.PUBLISHED, published);
            if (step == Step.WRITTEN) {
                service.get().stop();
            }
        })));

        run(service.get()).get(60, TimeUnit.SECONDS);

        assertThat(heads()).containsExactly(1L, 0L, 0L);
        assertThat(published.get()).isEqualTo(1);
        assertThat(runs())
                .containsExactly("raw.clicks committed 1 step: commit 1, read 1, written 1, quarantined 0, MS");
    }

    @Test
    void onlyLandingsAndPlannedTablesRunLive() throws Exception {
        Table view = new Table(
                TableName.parse("gold.all"),
                "",
                new ViewDefinition("SELECT 1 AS one"),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "view");
        Lake lake = clicks.open(clock, Step.Listener.NONE, clicks.raw(), LiveLake.trusted(), view);

        // A table of whole dates is taken only if it is named.
        assertThat(LiveService.choose(lake, List.of())).extracting(Table::name).containsExactly(RAW);
        assertThat(LiveService.choose(lake, List.of(RAW, TRUSTED)))
                .extracting(Table::name)
                .containsExactly(RAW, TRUSTED);
        assertThatThrownBy(() -> LiveService.choose(lake, List.of(RAW, view.name())))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("gold.all can't be run live")
                .hasMessageContaining("./lake run");
        Lake views = clicks.open(clock, Step.Listener.NONE, view);
        assertThatThrownBy(() -> LiveService.choose(views, List.of()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("nothing to run live")
                .hasMessageContaining("or built by date");
        Lake dates = clicks.open(clock, Step.Listener.NONE, LiveLake.gold(), view);
        assertThatThrownBy(() -> LiveService.choose(dates, List.of()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("nothing to run live: no landing of topics or files and no table with intervals")
                .hasMessageContaining("Name tables of whole dates");
    }

    @Test
    void answersOverHttp() throws Exception {
        clicks.send("2024-01-01", 1, 2);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (LiveService service = service(lake(clock, Step.Listener.NONE), meters);
                LiveAnswers answers = new LiveAnswers(service, local.spark(), meters)) {
            assertThat(answers.get("/health").statusCode()).isEqualTo(503);
            service.turn();
            assertThat(answers.get("/health").statusCode()).isEqualTo(200);
            LiveStatus status = Json.mapper().readValue(answers.get("/status").body(), LiveStatus.class);
            assertThat(status.turns()).isEqualTo(1);
            assertThat(status.tables())
                    .extracting(LiveStatus.TableStatus::table)
                    .containsExactly(RAW, TRUSTED, GOLD);
            assertThat(status.tables().get(0).lastCommit()).isEqualTo(1);
            assertThat(status.tables().get(0).stepMillis()).isPresent();
            assertThat(answers.get("/metrics").body())
                    .contains(
                            "igarape_live_turns_total 1.0",
                            "igarape_live_rows_written_total{table=\"raw.clicks\"} 2.0",
                            "igarape_live_lag_offsets{table=\"raw.clicks\"} 0.0",
                            "igarape_live_step_seconds_count{table=\"trusted.clicks\"} 1");
            assertThat(answers.get("/nonesuch").statusCode()).isEqualTo(404);
        }
    }

    private static void count(Step step, Step wanted, AtomicInteger counter) {
        if (step == wanted) {
            counter.incrementAndGet();
        }
    }

    private Lake lake(Clock at, Step.Listener steps) throws Exception {
        return clicks.open(at, steps, clicks.tables());
    }

    private static LiveService service(Lake lake, TableName... names) throws Exception {
        return service(lake, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), names);
    }

    private static LiveService service(Lake lake, PrometheusMeterRegistry meters, TableName... names) throws Exception {
        return new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, names.length == 0 ? runLive(lake) : List.of(names)),
                local::spark,
                Duration.ofMillis(200),
                meters,
                lake.clock());
    }

    /** All tables of a lake, also those of whole dates, which are run live only where they are named. */
    private static List<TableName> runLive(Lake lake) {
        return lake.manifest().pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .map(Table::name)
                .toList();
    }

    /** Runs a service in a thread of its own. */
    private CompletableFuture<Void> run(LiveService service) {
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try (service) {
                service.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        running.put(service, run);
        return run;
    }

    /** Stops the services that run. */
    @AfterEach
    void stop() throws Exception {
        running.keySet().forEach(LiveService::stop);
        for (CompletableFuture<Void> service : running.values()) {
            service.get(60, TimeUnit.SECONDS);
        }
        running.clear();
    }

    private static LiveStatus.TableStatus status(LiveService service, TableName table) {
        return service.status().tables().stream()
                .filter(status -> status.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private List<Long> heads() throws Exception {
        List<Long> heads = new ArrayList<>();
        for (TableName table : List.of(RAW, TRUSTED, GOLD)) {
            heads.add(lake(clock, Step.Listener.NONE).ledger(table).read().head());
        }
        return heads;
    }

    private List<PlannedDate> plan() throws Exception {
        return new Planner(lake(Clock.systemUTC(), Step.Listener.NONE)).plan(List.of(RAW, TRUSTED, GOLD));
    }

    /** Table, outcome and message of the runs on record, with MS in the place of times of steps. */
    private List<String> runs() throws Exception {
        return clicks
                .rows(TableName.parse("ops.runs"), "avro", "concat(table_name, ' ', outcome, ' ', message)")
                .stream()
                .map(run -> run.substring(run.indexOf(' ') + 1))
                .map(LiveTest::withoutTimes)
                .toList();
    }

    private static String withoutTimes(String run) {
        Matcher times = TIMES.matcher(run);
        assertThat(times.find()).as(run).isTrue();
        long median = Long.parseLong(times.group(1));
        long longest = Long.parseLong(times.group(2));
        assertThat(longest).isGreaterThanOrEqualTo(median).isPositive();
        return times.replaceFirst("MS");
    }
}
