package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A daily table with intervals: which of them a build computes, and where their rows lie. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class IntervalsTest {
    private static final TableName RAW = TableName.parse("raw.clicks");
    private static final TableName WINDOWS = TableName.parse("trusted.windows");
    private static final LocalDate DATE = LocalDate.parse("2024-01-01");
    private static final String SQL = """
            SELECT w.start AS started, user, count(DISTINCT id) AS clicks
            FROM (
              SELECT e.id, e.user, window(timestamp_millis(e.at), '1 minute') AS w
              FROM (SELECT from_json(value, 'id bigint, user string, at bigint') AS e FROM raw.clicks)
            )
            GROUP BY w, user
            """;

    private static LocalLake local;
    private static int lakes;

    private final String prefix = "i" + lakes++ + "_";

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @Test
    void aStepComputesTheIntervalsOfNewRows() throws Exception {
        Lake lake = lake("2024-01-01T12:00:00Z");
        send(
                "{\"id\":1,\"user\":\"ana\",\"at\":" + at("10:00:30") + "}",
                "{\"id\":2,\"user\":\"bia\",\"at\":" + at("10:07:00") + "}");
        step(lake);
        LedgerState first = lake.ledger(WINDOWS).read();
        assertThat(first.partitions()).hasSize(24 * 12 + 1);

        send("{\"id\":3,\"user\":\"ana\",\"at\":" + at("10:06:59") + "}");
        step(lake);
        LedgerState second = lake.ledger(WINDOWS).read();
        assertThat(second.partitions()).hasSize(24 * 12 + 1);
        assertThat(lake.ledger(WINDOWS).commit(2).partitions())
                .extracting(PartitionVersion::interval)
                .containsExactly(Optional.of("10:05"));
        assertThat(rows(lake)).containsExactlyInAnyOrder("10:00 ana 1", "10:07 bia 1", "10:06 ana 1");
        assertThat(step(lake)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);
    }

    private List<TableRun> step(Lake lake) throws Exception {
        new KafkaLanding(lake, Publishing.NONE, local::spark)
                .run(lake.table(RAW), lake.table(RAW).definition().kafka().orElseThrow(), false);
        return new DailyBuild(lake, Publishing.NONE, local::spark)
                .run(lake.table(WINDOWS), List.of(DATE), BuildOverrides.NOTHING);
    }

    private List<String> rows(Lake lake) {
        LedgerState state;
        try {
            state = lake.ledger(WINDOWS).read();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return state.partitionsOf(DATE).stream()
                .filter(current -> current.partition().files() > 0)
                .flatMap(current -> local
                        .spark()
                        .read()
                        .parquet(lake.target().folder(WINDOWS) + "/"
                                + current.partition().path())
                        .selectExpr("date_format(started, 'HH:mm') AS started", "user", "clicks")
                        .collectAsList()
                        .stream())
                .map(IntervalsTest::line)
                .toList();
    }

    private static String line(Row row) {
        return row.get(0) + " " + row.get(1) + " " + row.get(2);
    }

    private static long at(String time) {
        return Instant.parse(DATE + "T" + time + "Z").toEpochMilli();
    }

    private void send(String... events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (String event : events) {
                producer.send(new ProducerRecord<>(topic(), event.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private String topic() {
        return prefix + "clicks";
    }

    private Lake lake(String now) throws Exception {
        local.kafka().createTopic(topic(), 1, Map.of());
        Source.Kafka source =
                new Source.Kafka(List.of(topic()), "earliest", "json", Optional.of("at"), Optional.empty());
        Table raw = new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "r");
        Table windows = new Table(
                WINDOWS,
                "",
                new DailyDefinition(SQL, Optional.of("started"), Optional.of(Duration.ofMinutes(5))),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "w");
        return local.lake(prefix, Clock.fixed(Instant.parse(now), ZoneOffset.UTC), Step.Listener.NONE, raw, windows);
    }
}
