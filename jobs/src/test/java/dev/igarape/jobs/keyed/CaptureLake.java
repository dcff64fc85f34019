package dev.igarape.jobs.keyed;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.model.ChangeCapture;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A lake with a topic of envelopes, as text, and the table that is made of them. */
final class CaptureLake {
    static final TableName ORDERS = TableName.parse("trusted.orders");
    private static final TableName RAW = TableName.parse("raw.orders");
    private static final String ROW = "struct<id: string, name: string, note: string>";
    private static final String SQL = "SELECT from_json(value, 'op string, before " + ROW + ", after " + ROW
            + ", source struct<name: string, sequence: string, lsn: bigint, ts_ms: bigint, snapshot: string>,"
            + " ts_ms bigint') AS value"
            + " FROM raw.orders";

    private final KnownFiles files = new KnownFiles();
    private final LocalLake local;
    private final String prefix;
    private Table table;

    CaptureLake(LocalLake local, String prefix, Table table) {
        this.local = local;
        this.prefix = prefix;
        this.table = table;
        local.kafka().createTopic(prefix + "orders", 1, Map.of());
    }

    static Table current(String... epochs) {
        return table(new CurrentDefinition(
                SQL, List.of("id"), List.of(), Optional.empty(), true, Optional.of(capture(epochs))));
    }

    static Table history(String... epochs) {
        return table(new HistoryDefinition(
                SQL,
                List.of("id"),
                List.of(),
                Optional.empty(),
                List.of("name", "note"),
                new HistoryDefinition.Period("valid_from", "valid_to", "is_current"),
                true,
                Optional.of(capture(epochs))));
    }

    private static ChangeCapture capture(String... epochs) {
        return new ChangeCapture(ChangeCapture.DEBEZIUM, List.of(epochs));
    }

    private static Table table(Definition definition) {
        Map<String, String> columns = new LinkedHashMap<>();
        List.of("name", "id", "note").forEach(column -> columns.put(column, "string"));
        String hash =
                "captured " + ((KeyedDefinition) definition).cdc().orElseThrow().epochs();
        return new Table(ORDERS, "", definition, columns, List.of(new Input(RAW, 0)), List.of(), "forever", hash);
    }

    /** From now on the table is defined like this. */
    void define(Table other) {
        table = other;
    }

    private Lake open() throws IOException {
        Source.Kafka source =
                new Source.Kafka(List.of(prefix + "orders"), "earliest", "json", Optional.empty(), Optional.empty());
        Table raw = new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
        return local.lake(prefix, Clock.systemUTC(), Step.Listener.NONE, raw, table);
    }

    /** Sends these envelopes, lands them and builds the table. */
    List<TableRun> take(List<String> envelopes) throws Exception {
        land(envelopes);
        return build();
    }

    /** Sends these envelopes and lands them. */
    void land(List<String> envelopes) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (String envelope : envelopes) {
                producer.send(new ProducerRecord<>(prefix + "orders", envelope.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
        Lake lake = open();
        Table raw = lake.table(RAW);
        new KafkaLanding(lake, Publishing.NONE, local::spark)
                .run(raw, raw.definition().kafka().orElseThrow(), false);
    }

    /** Builds the table. */
    List<TableRun> build() throws Exception {
        Lake lake = open();
        List<LocalDate> due = new Planner(lake)
                .plan(Set.of(ORDERS)).stream()
                        .filter(PlannedDate::isDue)
                        .map(PlannedDate::date)
                        .toList();
        return new KeyedBuild(lake, Publishing.NONE, local::spark, lake.table(ORDERS), files)
                .run(due, BuildOverrides.NOTHING);
    }

    private Dataset<Row> table() throws IOException {
        Lake lake = open();
        LedgerState state = lake.ledger(ORDERS).read();
        Path folder = new Path(
                lake.target().folder(ORDERS), state.delta().orElseThrow().folder());
        return local.spark().read().format("delta").load(folder.toString());
    }

    /** As {@link ChangedShop#rows} has them. */
    List<String> rows() throws IOException {
        return lines("concat_ws(' ', id, coalesce(name, '-'), coalesce(note, '-'))");
    }

    /** As {@link ChangedShop#versions} has them. */
    List<String> versions() throws IOException {
        return lines("concat_ws(' ', id, coalesce(name, '-'), coalesce(note, '-'), unix_millis(valid_from),"
                + " coalesce(string(unix_millis(valid_to)), 'now'))");
    }

    private List<String> lines(String line) throws IOException {
        return table().selectExpr(line).collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** The rules of the rows in quarantine. */
    List<String> quarantinedRules() throws IOException {
        Lake lake = open();
        Path folder = new Path(new TableLayout(lake.target(), lake.table(ORDERS)).quarantineFolder());
        return lake.ledger(ORDERS).read().quarantine().stream()
                .filter(placed -> placed.partition().rows() > 0)
                .map(placed -> new Path(folder, placed.partition().path()).toString())
                .flatMap(path -> local.spark().read().parquet(path).select("rule").collectAsList().stream())
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    long quarantined() throws IOException {
        return open().ledger(ORDERS).read().quarantine().stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
    }
}
