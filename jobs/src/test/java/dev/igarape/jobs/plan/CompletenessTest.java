package dev.igarape.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.AllowedLateness;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.targets.Target;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** When dates of a topic are complete, on a real broker, with the clock in the test's hand. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class CompletenessTest {
    private static final TableName RAW = TableName.parse("raw.clicks");
    private static final TableName TRUSTED = TableName.parse("trusted.clicks");
    private static final DateRange DAY = DateRange.of(LocalDate.parse("2024-01-01"));
    private static final long HOUR = 3600;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
        // Records of 2024 are old enough to expire at once.
        List.of("first", "second", "third")
                .forEach(topic -> local.kafka().createTopic(topic, 2, Map.of("retention.ms", "-1")));
    }

    @Test
    void aDateIsCompleteOnceItsTopicIsLandedAfterItsEndAndLateness() throws Exception {
        send("first", "2024-01-01T10:00:00Z");
        run("first", "2024-01-02T00:59:59Z", RAW);

        assertThatThrownBy(() -> run("first", "2024-01-02T00:59:59Z", TRUSTED))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("raw.clicks is complete for 2024-01-01 once it is landed after"
                        + " 2024-01-02T01:00:00Z (the last time was 2024-01-02T00:59:59Z)")
                .hasMessageContaining("--accept-incomplete");
        assertThat(plan("first", "2024-01-02T02:00:00Z")).isEqualTo(PlannedDate.Status.BLOCKED);

        List<TableRun> nothingNew = run("first", "2024-01-02T01:00:00Z", RAW);
        assertThat(nothingNew.get(0).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);

        assertThat(plan("first", "2024-01-02T02:00:00Z")).isEqualTo(PlannedDate.Status.MISSING);
        assertThat(run("first", "2024-01-02T02:00:00Z", TRUSTED)
                        .get(0)
                        .balance()
                        .written())
                .isEqualTo(1);
    }

    @Test
    void whoAcceptsAnIncompleteDateGetsIt() throws Exception {
        send("second", "2024-01-01T10:00:00Z");
        run("second", "2024-01-01T12:00:00Z", RAW);
        Lake lake = lake("second", "2024-01-01T12:00:00Z");
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            RunOptions options = new RunOptions(false, false, new BuildOverrides(false, true));
            assertThat(runner.run(List.of(TRUSTED), DAY, options).get(0).outcome())
                    .isEqualTo(TableRun.Outcome.COMMITTED);
        }
    }

    @Test
    void whatComesAfterADateWasCompleteMakesItStale() throws Exception {
        send("third", "2024-01-01T10:00:00Z");
        run("third", "2024-01-02T01:00:00Z", RAW);
        run("third", "2024-01-02T01:00:00Z", TRUSTED);
        send("third", "2024-01-01T11:00:00Z");
        run("third", "2024-01-03T00:00:00Z", RAW);

        assertThat(plan("third", "2024-01-03T00:00:00Z")).isEqualTo(PlannedDate.Status.STALE);
    }

    private static void send(String topic, String moment) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            producer.send(new ProducerRecord<>(
                            topic, 0, Instant.parse(moment).toEpochMilli(), null, new byte[] {1, 2, 3}))
                    .get();
        }
    }

    private static List<TableRun> run(String topic, String now, TableName table) throws Exception {
        try (TableRunner runner = new TableRunner(lake(topic, now), local::spark)) {
            return runner.run(List.of(table), DAY, RunOptions.NONE);
        }
    }

    private static PlannedDate.Status plan(String topic, String now) throws Exception {
        List<PlannedDate> plan = new Planner(lake(topic, now)).plan(List.of(RAW, TRUSTED));
        assertThat(plan).hasSize(1);
        return plan.get(0).status();
    }

    /** A lake of its own for each topic, at this moment. */
    private static Lake lake(String topic, String now) throws Exception {
        Lake lake = local.lake(topic + "_", Map.of(), Step.Listener.NONE, raw(topic), trusted());
        Target target = lake.target();
        return new Lake(
                lake.manifest(),
                new Target(
                        target.name(),
                        target.prefix(),
                        target.hdfs(),
                        target.root(),
                        target.metastore(),
                        local.kafka().properties(),
                        target.registry(),
                        target.trino(),
                        target.trinoUser(),
                        target.variables()),
                lake.hadoop(),
                lake.files(),
                Clock.fixed(Instant.parse(now), ZoneOffset.UTC),
                lake.runId(),
                lake.steps());
    }

    private static Table raw(String topic) {
        Source source = new Source.Kafka(List.of(topic), "earliest", "bytes", Optional.empty(), Optional.empty());
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
    }

    private static Table trusted() {
        return new Table(
                TRUSTED,
                "",
                new DailyDefinition("SELECT value FROM raw.clicks"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                Optional.of(new AllowedLateness(HOUR)),
                Optional.empty(),
                "trusted");
    }
}
