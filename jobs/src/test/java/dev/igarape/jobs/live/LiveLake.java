package dev.igarape.jobs.live;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.model.CommitRule;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A topic of clicks, landed as {@code raw.clicks}, each click once in {@code trusted.clicks}, counted in {@code gold.pages}. */
final class LiveLake {
    static final TableName RAW = TableName.parse("raw.clicks");
    static final TableName TRUSTED = TableName.parse("trusted.clicks");
    static final TableName GOLD = TableName.parse("gold.pages");

    private static final AtomicInteger LAKES = new AtomicInteger();

    private final LocalLake local;
    private final int number = LAKES.incrementAndGet();

    LiveLake(LocalLake local) {
        this.local = local;
        local.kafka().createTopic(topic(), 2, Map.of("retention.ms", "-1"));
    }

    private String topic() {
        return "clicks" + number;
    }

    private String prefix() {
        return "live" + number + "_";
    }

    Table[] tables() {
        return new Table[] {raw(), trusted(), gold()};
    }

    Table raw() {
        return raw(Optional.empty());
    }

    Table raw(Optional<CommitRule> commit) {
        return landing(RAW, new LandingDefinition(source("earliest"), commit));
    }

    /** A landing of the topic by another name, or from another start. */
    Table raw(String name, String start) {
        return landing(TableName.parse(name), new LandingDefinition(source(start)));
    }

    private Source source(String start) {
        return new Source.Kafka(List.of(topic()), start, "json", Optional.of("time"), Optional.empty());
    }

    static Table landing(TableName name, LandingDefinition landing) {
        return new Table(name, "", landing, Map.of(), List.of(), List.of(), "forever", "raw");
    }

    static Table trusted(Expectation... expectations) {
        return EventsLake.table(
                TRUSTED,
                new DailyDefinition("SELECT DISTINCT get_json_object(value, '$.id') AS id,"
                        + " get_json_object(value, '$.page') AS page FROM raw.clicks"),
                Map.of(),
                RAW,
                List.of(expectations));
    }

    static Table gold() {
        return EventsLake.table(
                GOLD,
                new DailyDefinition("SELECT page, count(*) AS clicks FROM trusted.clicks GROUP BY page"),
                Map.of("page", "string", "clicks", "bigint"),
                TRUSTED,
                List.of());
    }

    Lake open(Clock clock, Step.Listener steps, Table... tables) throws IOException {
        return local.lake(prefix(), clock, steps, tables);
    }

    /** Sends a click for each of these numbers, all of one day. */
    void send(String day, int... ids) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (int id : ids) {
                String click = "{\"id\": %d, \"page\": \"p%d\", \"time\": \"%sT12:00:00Z\"}".formatted(id, id % 3, day);
                sent.add(producer.send(
                        new ProducerRecord<>(topic(), id % 2, null, null, click.getBytes(StandardCharsets.UTF_8))));
            }
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        }
    }

    /** What readers of the metastore see of a table: a text for each row, with its date. */
    List<String> rows(TableName table, String format, String expression) throws Exception {
        List<String> rows = new ArrayList<>();
        if (!local.metastore().tableExists(prefix() + table.layer(), table.name())) {
            return rows;
        }
        for (Partition partition : local.partitions(prefix() + table.layer(), table.name())) {
            local.spark()
                    .read()
                    .format(format)
                    .load(partition.getSd().getLocation())
                    .selectExpr(expression)
                    .collectAsList()
                    .forEach(row -> rows.add(partition.getValues().get(0) + " " + row.get(0)));
        }
        return rows;
    }

    /** Clicks by date and page as {@code gold.pages} has them. */
    List<String> pages() throws Exception {
        return rows(GOLD, "parquet", "concat(page, ' ', clicks)");
    }
}
