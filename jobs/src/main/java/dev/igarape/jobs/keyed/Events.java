package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.CheckedRows;
import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.daily.DailyInputs.Size;
import dev.igarape.jobs.daily.DateQuery;
import dev.igarape.jobs.daily.RowShape;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Expectation;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The events of dates of a table with keys: the rows of its query, checked. */
final class Events {
    /** The date whose query gave an event. */
    static final String DATE = "__igarape_date";
    /** So many rows, in files of so many bytes, fit into memory beside all else. */
    private static final long FEW_ROWS = 10_000;

    private static final long FEW_BYTES = 1L << 20;

    private final SparkSession session;
    private final Table table;
    /** Of a table of captured changes. */
    private final Optional<Envelopes> envelopes;

    private final DailyInputs inputs;
    private final LedgerState state;
    private final JoinedInputs joined;
    private final Map<LocalDate, CheckedRows> checked = new TreeMap<>();
    /** Dates of which all events are given again. */
    private final Set<LocalDate> reread = new HashSet<>();

    private Size read = Size.NONE;
    private boolean rowWise = true;
    /** The keys whose events alone count; empty: all. */
    private Optional<Dataset<Row>> touched = Optional.empty();

    /** @param session of this step alone, in the time zone of the table's pipeline */
    Events(SparkSession session, Table table, DailyInputs inputs, LedgerState state) {
        this.session = session;
        this.table = withChecks(table);
        this.envelopes = ((KeyedDefinition) table.definition()).cdc().map(capture -> new Envelopes(table));
        this.inputs = inputs;
        this.state = state;
        this.joined = new JoinedInputs(session, inputs);
    }

    /** What the table joins with the rows of dates. */
    JoinedInputs joined() {
        return joined;
    }

    /** Leaves all events out from now on whose keys are not among these, which are not null. */
    void only(Dataset<Row> keys) {
        touched = Optional.of(keys);
    }

    /** Rows of the table, those whose keys' events are not left out. */
    Dataset<Row> onlyTouched(Dataset<Row> rows) {
        return touched.map(keys -> Latest.ofKeys(rows, keys, List.of(keys.columns())))
                .orElse(rows);
    }

    /**
     * Keys of events of a date, some more than once: of those in which changed rows of joined inputs have a part, and of new ones.
     *
     * @param changes as {@link JoinedInputs#changes} gives them
     */
    List<Dataset<Row>> keys(LocalDate date, Staleness staleness, Map<TableName, Dataset<Row>> changes)
            throws IOException {
        Column[] keys = ((KeyedDefinition) table.definition())
                .keys().stream().map(Latest::column).toArray(Column[]::new);
        List<Dataset<Row>> all = new ArrayList<>();
        for (TableName moved : changes.keySet()) {
            all.add(events(date, inputs.commitsOf(date), joined.around(moved, changes))
                    .select(keys));
        }
        if (!staleness.unread().isEmpty()) {
            all.add(events(date, staleness.unread()).select(keys));
        }
        return all;
    }

    /** Events without a key or a sequence have no place in the table. */
    private static Table withChecks(Table table) {
        KeyedDefinition keyed = (KeyedDefinition) table.definition();
        List<Expectation> checks = new ArrayList<>();
        if (keyed.cdc().isPresent()) {
            checks.addAll(new Envelopes(table).checks());
            table.expectations().forEach(expectation -> checks.add(Envelopes.ofRows(expectation)));
        } else {
            checks.add(present(KeyedDefinition.KEY_RULE, keyed.keys()));
            checks.add(present(KeyedDefinition.SEQUENCE_RULE, keyed.sequenceBy()));
            checks.addAll(table.expectations());
        }
        return with(table, checks, table.columns());
    }

    private static Table with(Table table, List<Expectation> checks, Map<String, String> columns) {
        return new Table(
                table.name(),
                table.description(),
                table.definition(),
                columns,
                table.inputs(),
                checks,
                table.retention(),
                table.waitFor(),
                table.allRefused(),
                table.definitionHash());
    }

    private static Expectation present(String name, List<String> columns) {
        String check =
                columns.stream().map(column -> "`" + column + "` IS NOT NULL").collect(Collectors.joining(" AND "));
        return new Expectation(name, check, Expectation.Action.QUARANTINE);
    }

    /**
     * The accepted events of dates, with {@link #DATE}; their counts are there after they were kept.
     *
     * @param dates those to read, with what is new to each; of one that had rows in quarantine, and where rows of the input do
     *     not become events one by one, all events are given again
     * @param whole whether all events of the dates are wanted
     */
    Dataset<Row> accepted(Map<LocalDate, Staleness> dates, boolean whole) throws IOException {
        Dataset<Row> all = null;
        for (Map.Entry<LocalDate, Staleness> date : dates.entrySet()) {
            CheckedRows rows = check(date.getKey(), date.getValue(), whole);
            checked.put(date.getKey(), rows);
            Dataset<Row> events = rows.accepted().withColumn(DATE, functions.lit(date.getKey()));
            all = all == null ? events : all.unionByName(events);
        }
        return all;
    }

    private CheckedRows check(LocalDate date, Staleness staleness, boolean whole) throws IOException {
        Dataset<Row> events = events(date, whole ? inputs.commitsOf(date) : staleness.unread());
        TableColumns.requireReadable(events.schema(), List.of(), "The query of " + table.name());
        long refused = state.quarantineOf(date).stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
        boolean ofRows = RowShape.of(events.queryExecution().analyzed()).rowWise();
        rowWise &= ofRows;
        // Of a query that joins, the compiler has seen that it makes events of each row of the date by itself.
        boolean ofNew = ofRows || !table.snapshotInputs().isEmpty();
        // Those that came too late are refused for good.
        if (!whole && (refused > LateEvents.recorded(state, date) || !ofNew)) {
            events = events(date, inputs.commitsOf(date));
            reread.add(date);
        }
        Dataset<Row> changes = envelopes.isPresent() ? envelopes.get().changes(events) : events;
        if (touched.isPresent()) {
            Dataset<Row> keys = touched.get();
            changes = changes.join(keys, Latest.names(List.of(keys.columns())), "left_semi")
                    .select(Latest.columns(changes));
        }
        return new CheckedRows(table, date, changes, functions.lit(false));
    }

    private Dataset<Row> events(LocalDate date, Map<TableName, SequenceSet> commits) throws IOException {
        return events(date, commits, joined.rows());
    }

    private Dataset<Row> events(
            LocalDate date, Map<TableName, SequenceSet> commits, Map<TableName, Dataset<Row>> others)
            throws IOException {
        // The query of captured changes gives envelopes, not the columns of the table.
        Table queried = envelopes.isPresent() ? with(table, List.of(), Map.of()) : table;
        Size size = inputs.size(date, commits);
        read = read.plus(size);
        Map<TableName, Dataset<Row>> rows = new LinkedHashMap<>(inputs.rows(session, date, commits));
        rows.putAll(others);
        boolean tiny = size.plus(joined.size()).isTiny();
        return new DateQuery(queried, inputs).rows(session, date, rows, tiny);
    }

    /** The size of the files with what is new to dates, or with all of it where all of it is wanted. */
    Size size(Map<LocalDate, Staleness> dates, boolean whole) throws IOException {
        return dates.entrySet().stream()
                .map(date -> inputs.size(
                        date.getKey(),
                        whole
                                ? inputs.commitsOf(date.getKey())
                                : date.getValue().unread()))
                .reduce(joined.size(), Size::plus);
    }

    /** The size of the files of dates that {@link #accepted} reads, as far as it was called. */
    Size read() {
        return read;
    }

    /** Whether events taken so far fit into memory beside all else; a query may make any number of a row, unless it is row-wise. */
    boolean areFew() {
        return rowWise && read.rows() <= FEW_ROWS && read.bytes() <= FEW_BYTES;
    }

    /** What became of the events of each date, once those of {@link #accepted} are kept. */
    Map<LocalDate, CheckedRows.Counts> counts() throws InterruptedException {
        Map<LocalDate, CheckedRows.Counts> counts = new TreeMap<>();
        for (Map.Entry<LocalDate, CheckedRows> date : checked.entrySet()) {
            counts.put(date.getKey(), date.getValue().counts());
        }
        return counts;
    }

    /** The quarantined events of a date, computed again. */
    Dataset<Row> quarantined(LocalDate date, Staleness staleness, boolean whole) throws IOException {
        return check(date, staleness, whole).quarantined();
    }

    /** Whether {@link #accepted} has given all events of a date, although some of them are not new. */
    boolean isReread(LocalDate date) {
        return reread.contains(date);
    }

    /** The new events of a date, where {@link #accepted} has given all of its events. */
    Optional<Dataset<Row>> newOfReread(LocalDate date, Staleness staleness) throws IOException {
        return reread.contains(date) ? Optional.of(events(date, staleness.unread())) : Optional.empty();
    }

    /** How many events there are of each date. */
    static Map<LocalDate, Long> byDate(Dataset<Row> events) {
        Map<LocalDate, Long> counts = new HashMap<>();
        events.groupBy(DATE).count().collectAsList().forEach(row -> counts.put(row.getLocalDate(0), row.getLong(1)));
        return counts;
    }

    /** Names of the table's columns, in order: those that a step has not added. */
    static List<String> names(StructType events) {
        return Stream.of(events.fieldNames())
                .filter(name -> !name.startsWith("__igarape_"))
                .toList();
    }

    /** Columns of the table, in order. */
    static Column[] columns(StructType events) {
        return names(events).stream()
                .map(name -> functions.col("`" + name + "`"))
                .toArray(Column[]::new);
    }
}
