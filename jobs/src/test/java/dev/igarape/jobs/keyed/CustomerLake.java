package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.LandingDefinition;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A lake of customers: a topic of {@link CustomerEvent}s, landed as {@code raw.customers}, and their current state. */
final class CustomerLake {
    static final TableName CUSTOMERS = TableName.parse("trusted.customers");
    static final TableName EVENTS = TableName.parse("trusted.events");
    static final TableName RAW = TableName.parse("raw.customers");

    private final LocalLake local;
    private final String prefix;
    private final Table table;
    /** Of the process that takes the steps; {@link #redefined} is another one. */
    private final KnownFiles files = new KnownFiles();

    /** @param prefix of a lake of its own, and of its topic */
    CustomerLake(LocalLake local, String prefix) {
        this(local, prefix, CustomerTables.customers());
    }

    /** @param table {@link #CUSTOMERS}, as it is built unless another is given */
    CustomerLake(LocalLake local, String prefix, Table table) {
        this(table, local, prefix);
        local.kafka().createTopic(prefix + "customers", 2, Map.of());
    }

    private CustomerLake(Table table, LocalLake local, String prefix) {
        this.table = table;
        this.local = local;
        this.prefix = prefix;
    }

    /** The same lake with another definition of the table. */
    CustomerLake redefined(Table other) {
        return new CustomerLake(other, local, prefix);
    }

    private Table raw() {
        Source.Kafka source = new Source.Kafka(
                List.of(prefix + "customers"), "earliest", "json", Optional.of("at"), Optional.empty());
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
    }

    Lake open(Step.Listener steps) throws IOException {
        return open(steps, table);
    }

    Lake open(Step.Listener steps, Table... built) throws IOException {
        return open(Clock.systemUTC(), steps, built);
    }

    /** The lake as it is opened so much later. */
    Lake openLater(Duration time) throws IOException {
        return open(Clock.offset(Clock.systemUTC(), time), Step.Listener.NONE, table);
    }

    /** The lake as it is at a moment, whose date is written by intervals. */
    Lake openAt(Instant moment, Table... built) throws IOException {
        return open(Clock.fixed(moment, ZoneOffset.UTC), Step.Listener.NONE, built);
    }

    private Lake open(Clock clock, Step.Listener steps, Table... built) throws IOException {
        Table[] tables = Stream.concat(Stream.of(raw()), Stream.of(built)).toArray(Table[]::new);
        return local.lake(prefix, clock, steps, tables);
    }

    void send(List<CustomerEvent> events) {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (CustomerEvent event : events) {
                producer.send(
                        new ProducerRecord<>(prefix + "customers", event.json().getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    void land() throws Exception {
        Lake lake = open(Step.Listener.NONE);
        Table table = lake.table(RAW);
        new KafkaLanding(lake, Publishing.NONE, local::spark)
                .run(table, table.definition().kafka().orElseThrow(), false);
    }

    /**
     * Takes these events one list after the other. Every third time the table is looked into as a large one is, of few files or of many.
     * Files of other times are listed anew, or known from the step before.
     */
    void takeInTurn(List<List<CustomerEvent>> steps) throws Exception {
        SparkSession spark = local.spark();
        for (int step = 0; step < steps.size(); step++) {
            TestingSpark.takeTablesAsLarge(spark, step % 3 == 1);
            TestingSpark.takeFilesAsMany(spark, step % 6 == 1);
            take(steps.get(step));
        }
        TestingSpark.takeFilesAsMany(spark, false);
        TestingSpark.takeTablesAsLarge(spark, false);
    }

    /** Sends these events, lands them and builds the table. */
    List<TableRun> take(List<CustomerEvent> events) throws Exception {
        send(events);
        land();
        return build(open(Step.Listener.NONE), Publishing.NONE);
    }

    /** Builds all dates that are due. */
    List<TableRun> build(Lake lake, Publishing publisher) throws Exception {
        List<LocalDate> due = new Planner(lake)
                .plan(Set.of(CUSTOMERS)).stream()
                        .filter(PlannedDate::isDue)
                        .map(PlannedDate::date)
                        .toList();
        return build(lake, publisher, due);
    }

    /** Builds {@link CustomerTables#events} of these dates. */
    void buildEvents(Lake lake, List<LocalDate> dates) throws Exception {
        TableKind kind = BuiltInKinds.ALL.of(lake.table(EVENTS));
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        kind.build(context, lake.table(EVENTS), dates, RunOptions.NONE);
    }

    List<TableRun> build(Lake lake, Publishing publisher, List<LocalDate> dates) throws Exception {
        return dates.isEmpty()
                ? List.of()
                : new KeyedBuild(lake, publisher, local::spark, lake.table(CUSTOMERS), files)
                        .run(dates, BuildOverrides.NOTHING);
    }

    SparkSession spark() {
        return local.spark();
    }

    LedgerState state() throws IOException {
        return open(Step.Listener.NONE).ledger(CUSTOMERS).read();
    }

    /** The Delta table that the ledger names. */
    String folder() throws IOException {
        Lake lake = open(Step.Listener.NONE);
        return new Path(
                        lake.target().folder(CUSTOMERS),
                        state().delta().orElseThrow().folder())
                .toString();
    }

    /** Folders of this name in those of all commits, also of commits that were never made. */
    List<Path> foldersOfCommits(String name) throws IOException {
        Lake lake = open(Step.Listener.NONE);
        return Stream.of(lake.files().globStatus(new Path(lake.target().folder(CUSTOMERS), "*/" + name)))
                .map(FileStatus::getPath)
                .toList();
    }

    /** How many commits the Delta table has that the ledger does not know. */
    int unrecorded() throws IOException {
        long known = state().delta().orElseThrow().version();
        return KeyedTable.loggedAfter(open(Step.Listener.NONE).files(), new Path(folder()), known)
                .size();
    }

    /** Builds the table as a run does that dies, and then as one that does not; the metastore shows it after that. */
    void buildAfter(Death death, LocalDate date) throws Exception {
        Lake dying = death.in(this);
        assertThatThrownBy(() -> build(dying, Publishing.NONE, List.of(date)))
                .as("at %s", death)
                .isInstanceOf(Killed.class);
        Lake lake = open(Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            build(lake, publisher, List.of(date));
        }
        assertThat(local.metastore()
                        .getTable(prefix + CUSTOMERS.layer(), CUSTOMERS.name())
                        .getSd()
                        .getLocation())
                .as("after dying at %s", death)
                .endsWith("/" + state().delta().orElseThrow().folder());
    }

    /** The table's rows as {@link CustomerEvent#row} writes them. */
    List<String> rows() throws IOException {
        return lines(local.spark().read().format("delta").load(folder()));
    }

    /** The rows of {@link CustomerTables#keepingNames} as {@link CustomerEvent#kept} writes them. */
    List<String> kept() throws IOException {
        return kept(local.spark().read().format("delta").load(folder()));
    }

    /** The rows that its change feed adds up to. */
    List<String> feedOfKept() throws IOException {
        return kept(sum("chapter, id, name, note, sequence, status"));
    }

    private static List<String> kept(Dataset<Row> rows) {
        return rows
                .selectExpr("concat_ws(' ', chapter, id, coalesce(name, '-'), note, sequence)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** The versions of a history as {@link CustomerEvent#versions} writes them. */
    List<String> versions() throws IOException {
        return versions(local.spark().read().format("delta").load(folder()));
    }

    private static List<String> versions(Dataset<Row> rows) {
        String hours = "(unix_timestamp(%s) - unix_timestamp(TIMESTAMP '" + CustomerEvent.MIDNIGHT + "')) div 3600";
        return rows
                .selectExpr(
                        "concat_ws(' ', chapter, id, coalesce(name, '-'), note, " + String.format(hours, "at") + ", "
                                + String.format(hours, "valid_from") + ", coalesce(string("
                                + String.format(hours, "valid_to") + "), 'now'), is_current)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** The versions that a history's change feed adds up to, from its first version on. */
    List<String> feedOfVersions() throws IOException {
        return versions(sum("chapter, id, name, note, at, valid_from, valid_to, is_current"));
    }

    /** The rows that the table's change feed adds up to, from its first version on. */
    List<String> feed() throws IOException {
        return lines(sum("chapter, id, name, sequence, status"));
    }

    private Dataset<Row> sum(String columns) throws IOException {
        Dataset<Row> feed = local.spark()
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", 0)
                .load(folder());
        Dataset<Row> counted = feed.filter("_change_type <> 'nothing'")
                .selectExpr("*", "CASE WHEN _change_type IN ('insert', 'update_postimage') THEN 1 ELSE -1 END AS one");
        counted.createOrReplaceTempView("feed");
        Dataset<Row> sums = local.spark()
                .sql("SELECT " + columns + ", sum(one) AS rows FROM feed GROUP BY " + columns
                        + " HAVING sum(one) <> 0");
        if (!sums.filter("rows <> 1").isEmpty()) {
            throw new AssertionError(
                    "the feed adds a row twice: " + sums.filter("rows <> 1").first());
        }
        return sums;
    }

    /** How many changes of each type the feed of the last version has. */
    List<String> lastChanges() throws IOException {
        return local
                .spark()
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", state().delta().orElseThrow().version())
                .load(folder())
                .groupBy("_change_type")
                .count()
                .collectAsList()
                .stream()
                .map(row -> row.getString(0) + " " + row.getLong(1))
                .sorted()
                .toList();
    }

    private static List<String> lines(Dataset<Row> rows) {
        return rows.select("chapter", "id", "name", "sequence").collectAsList().stream()
                .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2) + " " + row.get(3))
                .sorted()
                .toList();
    }
}
