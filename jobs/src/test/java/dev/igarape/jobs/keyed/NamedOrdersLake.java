package dev.igarape.jobs.keyed;

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
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Expectation;
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
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A lake of orders and of customers, each from a topic, and the latest version of each order with the name of its customer. */
final class NamedOrdersLake {
    static final TableName NAMED = TableName.parse("gold.named_orders");
    static final TableName CUSTOMERS = TableName.parse("trusted.customers");
    static final TableName RAW_CUSTOMERS = TableName.parse("raw.customers");
    static final TableName RAW_ORDERS = TableName.parse("raw.orders");
    static final LocalDate FIRST = LocalDate.parse("2024-03-01");
    /** A name that an order may not have. */
    static final String BAD = "bad";

    private static final String NOBODY = "nobody";
    private static final String CUSTOMER_EVENTS = "SELECT e.* FROM (SELECT from_json(value,"
            + " 'id string, name string, sequence bigint, status string') AS e FROM raw.customers)";

    private final LocalLake local;
    private final String prefix;
    private final boolean keepsOrders;
    private final Table named;
    private Table customers = customers(CUSTOMER_EVENTS, "customers");

    /**
     * @param prefix of a lake of its own, and of its topics
     * @param keepsOrders whether orders that have no customer are there, too
     * @param deletes whether an order may be deleted
     */
    NamedOrdersLake(LocalLake local, String prefix, boolean keepsOrders, boolean deletes) {
        this.local = local;
        this.prefix = prefix;
        this.keepsOrders = keepsOrders;
        this.named = named(keepsOrders, deletes);
        local.kafka().createTopic(prefix + "orders", 2, Map.of());
        local.kafka().createTopic(prefix + "customers", 2, Map.of());
    }

    /** An event of an order; what else it says follows from its number and version. */
    record Order(int id, int version, String customer, boolean deletes, int day) {
        private String json() {
            Instant at = Instant.parse(FIRST.plusDays(day) + "T10:00:00Z");
            return "{\"id\":%d,\"version\":%d,\"customer\":\"%s\",\"status\":\"%s\",\"at\":%d}"
                    .formatted(id, version, customer, deletes ? "delete" : "new", at.toEpochMilli());
        }
    }

    /** An event of a customer. */
    record Customer(String id, String name, long sequence, boolean deletes) {
        private String json() {
            Instant at = Instant.parse(FIRST + "T00:00:00Z");
            return "{\"id\":\"%s\",\"name\":\"%s\",\"sequence\":%d,\"status\":\"%s\",\"at\":%d}"
                    .formatted(id, name, sequence, deletes ? "delete" : "update", at.toEpochMilli());
        }
    }

    private static Table named(boolean keepsOrders, boolean deletes) {
        String sql = "SELECT o.version, o.id, coalesce(c.name, '" + NOBODY + "') AS name, o.status FROM (SELECT"
                + " from_json(value, 'id int, version int, customer string, status string') AS o FROM raw.orders) "
                + (keepsOrders ? "LEFT " : "") + "JOIN trusted.customers c ON c.id = o.customer";
        return new Table(
                NAMED,
                "",
                new CurrentDefinition(
                        sql,
                        List.of("id"),
                        List.of("version"),
                        Optional.of("status = 'delete'").filter(condition -> deletes),
                        true),
                Map.of(),
                List.of(new Input(RAW_ORDERS, 0), Input.snapshot(CUSTOMERS, Refresh.ALWAYS)),
                List.of(new Expectation("good_name", "name <> '" + BAD + "'", Expectation.Action.QUARANTINE)),
                "forever",
                "named");
    }

    private static Table customers(String sql, String hash) {
        return new Table(
                CUSTOMERS,
                "",
                new CurrentDefinition(sql, List.of("id"), List.of("sequence"), Optional.of("status = 'delete'"), true),
                Map.of(),
                List.of(new Input(RAW_CUSTOMERS, 0)),
                List.of(),
                "forever",
                hash);
    }

    /** Defines customers otherwise, so that their table is built anew: their names are in capitals. */
    void redefineCustomers() {
        customers = customers(
                "SELECT id, upper(name) AS name, sequence, status FROM (" + CUSTOMER_EVENTS + ")", "capitals");
    }

    private Table raw(TableName name) {
        Source.Kafka source = new Source.Kafka(
                List.of(prefix + name.name()), "earliest", "json", Optional.of("at"), Optional.empty());
        return new Table(name, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
    }

    private Lake open(Step.Listener steps) throws IOException {
        return local.lake(
                prefix,
                local.kafka().properties(),
                Map.of(),
                Map.of(),
                Clock.systemUTC(),
                steps,
                raw(RAW_CUSTOMERS),
                raw(RAW_ORDERS),
                customers,
                named);
    }

    /** Lands these. */
    void land(Collection<Order> orders, Collection<Customer> changes) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            orders.forEach(order -> producer.send(new ProducerRecord<>(prefix + "orders", bytes(order.json()))));
            changes.forEach(change -> producer.send(new ProducerRecord<>(prefix + "customers", bytes(change.json()))));
            producer.flush();
        }
        if (!orders.isEmpty()) {
            build(Step.Listener.NONE, RAW_ORDERS, List.of(FIRST));
        }
        if (!changes.isEmpty()) {
            build(Step.Listener.NONE, RAW_CUSTOMERS, List.of(FIRST));
        }
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Builds all dates of a table that are due. */
    List<TableRun> build(TableName table) throws Exception {
        return build(Step.Listener.NONE, table, due(table));
    }

    List<LocalDate> due(TableName table) throws IOException {
        return new Planner(open(Step.Listener.NONE))
                .plan(Set.of(table)).stream()
                        .filter(PlannedDate::isDue)
                        .map(PlannedDate::date)
                        .toList();
    }

    List<TableRun> build(Step.Listener steps, TableName table, List<LocalDate> dates) throws Exception {
        Lake lake = open(steps);
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        return dates.isEmpty()
                ? List.of()
                : BuiltInKinds.ALL.of(lake.table(table)).build(context, lake.table(table), dates, RunOptions.NONE);
    }

    /** A line for each planned date: date, status, reasons. */
    List<String> plan() throws IOException {
        return new Planner(open(Step.Listener.NONE))
                .plan(Set.of(NAMED)).stream()
                        .map(planned -> planned.date().toString().substring(8) + " " + planned.status() + " "
                                + String.join("; ", planned.reasons()))
                        .map(String::strip)
                        .toList();
    }

    LedgerState state(TableName table) throws IOException {
        return open(Step.Listener.NONE).ledger(table).read();
    }

    /** How many events the last step of the table has looked at. */
    long readByLastStep() throws IOException {
        return open(Step.Listener.NONE)
                .ledger(NAMED)
                .commit(state(NAMED).head())
                .balance()
                .read();
    }

    /** Deletes the files of the change feed of customers, as VACUUM does after some days. */
    void forgetFeedOfCustomers() throws IOException {
        Path feed = new Path(folder(CUSTOMERS), "_change_data");
        if (!open(Step.Listener.NONE).files().delete(feed, true)) {
            throw new AssertionError(feed + " is not there");
        }
    }

    private String folder() throws IOException {
        return folder(NAMED);
    }

    private String folder(TableName table) throws IOException {
        return new Path(
                        open(Step.Listener.NONE).target().folder(table),
                        state(table).delta().orElseThrow().folder())
                .toString();
    }

    /** Rows as {@link #truth} writes them. */
    List<String> rows() throws IOException {
        return lines(local.spark().read().format("delta").load(folder()));
    }

    /** The rows that the table's change feed adds up to, from its first version on. */
    List<String> feed() throws IOException {
        return lines(changes(0)
                .selectExpr("*", "CASE WHEN _change_type IN ('insert', 'update_postimage') THEN 1 ELSE -1 END AS one")
                .groupBy("id", "version", "name")
                .sum("one")
                .filter("`sum(one)` <> 0"));
    }

    /** How many changes of each type the feed of the last version has. */
    List<String> lastChanges() throws IOException {
        return changes(state(NAMED).delta().orElseThrow().version())
                .groupBy("_change_type")
                .count()
                .collectAsList()
                .stream()
                .map(row -> row.getString(0) + " " + row.getLong(1))
                .sorted()
                .toList();
    }

    private Dataset<Row> changes(long version) throws IOException {
        return local.spark()
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", version)
                .load(folder())
                .filter("_change_type <> 'nothing'");
    }

    private static List<String> lines(Dataset<Row> rows) {
        return rows.select("id", "version", "name").collectAsList().stream()
                .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
                .sorted()
                .toList();
    }

    /** The rows in quarantine, each once, as JSON. */
    List<String> quarantine() throws IOException {
        String folder = open(Step.Listener.NONE).target().folder(NAMED.quarantine());
        String[] paths = state(NAMED).quarantine().stream()
                .filter(placed -> placed.partition().rows() > 0)
                .map(placed -> folder + "/" + placed.partition().path())
                .toArray(String[]::new);
        return paths.length == 0
                ? List.of()
                : local.spark().read().parquet(paths).select("row").distinct().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted()
                        .toList();
    }

    /** As {@code id version name}: the customers are sorted one by one, then each order is looked up in them. */
    List<String> truth(Collection<Order> orders, Collection<Customer> changes) {
        Map<String, Customer> customersNow = last(changes);
        Map<Integer, Order> last = new TreeMap<>();
        for (Order order : orders) {
            boolean isThere =
                    name(order, customersNow).filter(name -> !name.equals(BAD)).isPresent();
            if (isThere) {
                last.merge(order.id(), order, (one, other) -> one.version() > other.version() ? one : other);
            }
        }
        return last.values().stream()
                .filter(order -> !order.deletes())
                .map(order -> order.id() + " " + order.version() + " "
                        + name(order, customersNow).orElseThrow())
                .sorted()
                .toList();
    }

    /** As {@code id version}: the versions of orders whose customer has a name that an order may not have. */
    Set<String> refused(Collection<Order> orders, Collection<Customer> changes) {
        Map<String, Customer> customersNow = last(changes);
        return orders.stream()
                .filter(order -> name(order, customersNow).filter(BAD::equals).isPresent())
                .map(order -> order.id() + " " + order.version())
                .collect(Collectors.toSet());
    }

    private static Map<String, Customer> last(Collection<Customer> changes) {
        Map<String, Customer> last = new TreeMap<>();
        changes.forEach(change ->
                last.merge(change.id(), change, (one, other) -> one.sequence() > other.sequence() ? one : other));
        return last;
    }

    private Optional<String> name(Order order, Map<String, Customer> customersNow) {
        return Optional.ofNullable(customersNow.get(order.customer()))
                .filter(customer -> !customer.deletes())
                .map(Customer::name)
                .or(() -> keepsOrders ? Optional.of(NOBODY) : Optional.empty());
    }
}
