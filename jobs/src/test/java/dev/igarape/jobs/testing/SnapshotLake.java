package dev.igarape.jobs.testing;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Refresh;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A lake with orders and the current state of customers, each from a topic, and a daily table of orders with names, but for those of
 * a customer whose name is {@code left}.
 */
public final class SnapshotLake {
    public static final TableName CUSTOMERS = TableName.parse("trusted.customers");
    public static final TableName NAMED = TableName.parse("gold.named_orders");
    public static final LocalDate FIRST = LocalDate.parse("2024-03-01");
    private static final String NOW = "2024-03-01T12:00:00Z";
    public static final TableName RAW_CUSTOMERS = TableName.parse("raw.customers");
    public static final TableName RAW_ORDERS = TableName.parse("raw.orders");
    private static final String EVENTS =
            "SELECT e.* FROM (SELECT from_json(value, 'id string, name string, sequence bigint') AS e FROM raw.customers)";
    private static final String SQL = "SELECT o.id, name, timestamp_millis(o.at) AS at FROM (SELECT from_json(value,"
            + " 'id bigint, customer string, at bigint') AS o FROM raw.orders)"
            + " LEFT JOIN trusted.customers c ON c.id = o.customer";

    private static final String STAYED = " WHERE coalesce(name, '') <> 'left'";

    private static final String VALID = " AND timestamp_millis(o.at) >= c.valid_from"
            + " AND (c.valid_to IS NULL OR timestamp_millis(o.at) < c.valid_to)";

    private final LocalLake local;
    private final String prefix;
    private final Table named;
    private Table customers;

    /**
     * @param prefix of a lake of its own, and of its topics
     * @param refresh {@code VALIDITY}: customers are a history, whose sequence is a day of March, and orders are joined with what
     *     held when they came
     */
    public SnapshotLake(LocalLake local, String prefix, Refresh refresh, boolean intervals) {
        this.local = local;
        this.prefix = prefix;
        boolean byValidity = refresh == Refresh.VALIDITY;
        this.customers = byValidity ? history() : customers(EVENTS, "customers");
        this.named = new Table(
                NAMED,
                "",
                new DailyDefinition(
                        (byValidity ? SQL + VALID : SQL) + STAYED,
                        Optional.of("at"),
                        Optional.of(Duration.ofHours(1)).filter(length -> intervals)),
                Map.of(),
                List.of(new Input(RAW_ORDERS, 0), Input.snapshot(CUSTOMERS, refresh)),
                List.of(),
                "forever",
                "named");
        local.kafka().createTopic(prefix + "customers", 1, Map.of());
        local.kafka().createTopic(prefix + "orders", 1, Map.of());
    }

    private static Table customers(String sql, String hash) {
        return new Table(
                CUSTOMERS,
                "",
                new CurrentDefinition(sql, List.of("id"), List.of("sequence"), Optional.empty(), true),
                Map.of(),
                List.of(new Input(RAW_CUSTOMERS, 0)),
                List.of(),
                "forever",
                hash);
    }

    private static Table history() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("name", "string");
        columns.put("since", "timestamp");
        columns.put("id", "string");
        return new Table(
                CUSTOMERS,
                "",
                new HistoryDefinition(
                        "SELECT id, name, timestamp_seconds(1709164800 + sequence * 86400) AS since FROM (" + EVENTS
                                + ")",
                        List.of("id"),
                        List.of("since"),
                        Optional.empty(),
                        List.of("name"),
                        new HistoryDefinition.Period("valid_from", "valid_to", "is_current"),
                        true),
                columns,
                List.of(new Input(RAW_CUSTOMERS, 0)),
                List.of(),
                "forever",
                "history");
    }

    /** Defines customers otherwise: their names are in capitals. */
    public void redefineCustomers() {
        customers = customers("SELECT id, upper(name) AS name, sequence FROM (" + EVENTS + ")", "capitals");
    }

    private Table raw(TableName name) {
        Source.Kafka source = new Source.Kafka(
                List.of(prefix + name.name()), "earliest", "json", Optional.of("at"), Optional.empty());
        return new Table(name, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
    }

    public Lake open() throws IOException {
        return open(Clock.fixed(Instant.parse(NOW), ZoneOffset.UTC));
    }

    public Lake open(Clock clock) throws IOException {
        return local.lake(prefix, clock, Step.Listener.NONE, raw(RAW_CUSTOMERS), raw(RAW_ORDERS), customers, named);
    }

    /** Lands an event of a customer, of the first date, and builds the table of customers. */
    public void customer(String id, String name, long sequence) throws Exception {
        sendCustomer(id, name, sequence);
        build(RAW_CUSTOMERS, List.of(FIRST));
        buildCustomers();
    }

    /** Sends an event of a customer. */
    public void sendCustomer(String id, String name, long sequence) throws Exception {
        send(
                "customers",
                "{\"id\":\"%s\",\"name\":\"%s\",\"sequence\":%d,\"at\":\"%s\"}"
                        .formatted(id, name, sequence, FIRST + "T00:00:00Z"));
    }

    public void buildCustomers() throws Exception {
        build(CUSTOMERS, List.of(FIRST));
    }

    /** Lands an order. */
    public void order(long id, String customer, String at) throws Exception {
        sendOrder(id, customer, at);
        build(RAW_ORDERS, List.of(FIRST));
    }

    public void sendOrder(long id, String customer, String at) throws Exception {
        send(
                "orders",
                "{\"id\":%d,\"customer\":\"%s\",\"at\":%d}"
                        .formatted(id, customer, Instant.parse(at).toEpochMilli()));
    }

    private void send(String topic, String event) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            producer.send(new ProducerRecord<>(prefix + topic, event.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    public List<TableRun> build(TableName table, List<LocalDate> dates) throws Exception {
        Lake lake = open();
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        return BuiltInKinds.ALL.of(lake.table(table)).build(context, lake.table(table), dates, RunOptions.NONE);
    }

    /** Builds these dates of the table of orders with names. */
    public List<TableRun> build(LocalDate... dates) throws Exception {
        return build(NAMED, List.of(dates));
    }

    /** What a comparison of a date by its parts with the whole finds. */
    public List<String> verify(LocalDate date) throws Exception {
        Lake lake = open();
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        return BuiltInKinds.ALL.of(lake.table(NAMED)).verify(context, lake.table(NAMED), date);
    }

    /** A line for each planned date: date, status, reasons. */
    public List<String> plan() throws IOException {
        return plan(NAMED);
    }

    public List<String> plan(TableName... tables) throws IOException {
        return new Planner(open())
                .plan(Set.of(tables)).stream()
                        .filter(planned -> planned.table().equals(NAMED))
                        .map(SnapshotLake::line)
                        .toList();
    }

    private static String line(PlannedDate planned) {
        List<String> words = new ArrayList<>(
                List.of(planned.date().toString().substring(8), planned.status().toString()));
        words.addAll(planned.reasons());
        return String.join(" ", words);
    }

    /** Deletes the ledger of customers. */
    public void forgetCustomers() throws IOException {
        Lake lake = open();
        lake.files().delete(new Path(lake.target().ledgerFolder(CUSTOMERS)), true);
    }

    public LedgerState state(TableName table) throws IOException {
        return open().ledger(table).read();
    }

    /** The version of customers that a date was built with. */
    public long version(LocalDate date) throws IOException {
        return state(NAMED)
                .builtOf(date)
                .orElseThrow()
                .build()
                .snapshots()
                .get(CUSTOMERS)
                .commit();
    }

    /** All columns of all rows of the table of customers, as JSON. */
    public List<String> customers() throws IOException {
        String folder = open().target().folder(CUSTOMERS) + "/"
                + state(CUSTOMERS).delta().orElseThrow().folder();
        return local
                .spark()
                .read()
                .format("delta")
                .load(folder)
                .selectExpr("to_json(struct(*))")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** The orders of a date with the names of their customers. */
    public List<String> rows(LocalDate date) throws IOException {
        String folder = open().target().folder(NAMED);
        String[] paths = state(NAMED).partitionsOf(date).stream()
                .filter(placed -> placed.partition().rows() > 0)
                .map(placed -> folder + "/" + placed.partition().path())
                .toArray(String[]::new);
        return paths.length == 0
                ? List.of()
                : local.spark().read().parquet(paths).select("id", "name").collectAsList().stream()
                        .map(row -> row.get(0) + " " + row.get(1))
                        .sorted()
                        .toList();
    }

    /** Deletes the data files of all versions of customers but the last one, as VACUUM does after some days. */
    public void forgetEarlierCustomers() throws IOException {
        Path folder = new Path(
                open().target().folder(CUSTOMERS),
                state(CUSTOMERS).delta().orElseThrow().folder());
        Set<String> needed = Set.of(
                local.spark().read().format("delta").load(folder.toString()).inputFiles());
        for (FileStatus file : open().files().listStatus(folder)) {
            boolean isData = file.getPath().getName().endsWith(".parquet");
            if (isData
                    && needed.stream()
                            .noneMatch(path -> path.endsWith(file.getPath().getName()))) {
                open().files().delete(file.getPath(), false);
            }
        }
    }
}
