package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.igarape.jobs.input.SnapshotInput;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.jdbc.DatabaseRows;
import dev.igarape.jobs.landing.jdbc.KeyRange;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Reconciled;
import dev.igarape.model.sql.SqlIdentifier;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** A comparison of a table with keys with the table of a database that it follows: counts, a checksum, and keys that differ. */
public final class Reconciliation {
    private static final String ROW = "__igarape_row";
    private static final String OTHER = "__igarape_other";
    private static final String WHAT = "__igarape_what";
    private static final List<String> DIFFERENCES = List.of("missing", "surplus", "different");

    private final Lake lake;
    private final SparkSession session;
    private final Table table;
    private final KeyedDefinition definition;

    /** @throws LakeException USAGE if the table has no keys, or says no columns */
    public Reconciliation(Lake lake, SparkSession spark, TableName name) {
        this.lake = lake;
        this.table = lake.table(name);
        if (!(table.definition() instanceof KeyedDefinition keyed)
                || table.columns().isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot reconcile " + name + ": it has no keys. Name a current or a history table.");
        }
        this.definition = keyed;
        this.session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", lake.timezone(table).getId());
    }

    /**
     * Which rows are compared.
     *
     * @param date those of which the column {@link Source.Jdbc#by} lies on it; empty: of all dates
     * @param fromKey those whose first key is not less; empty: from the first on
     * @param toKey those whose first key is less; empty: to the last
     */
    public record Range(Optional<LocalDate> date, Optional<String> fromKey, Optional<String> toKey) {}

    /**
     * Compares all rows of a range.
     *
     * @param database where the table is, in the terms of a JDBC landing
     * @param limit how many keys are named of each kind of difference
     * @return both sides, then what differs
     * @throws LakeException UNAVAILABLE if the database is down; DEFINITION if it lacks the table or a column; USAGE if a
     *     key of the range is none of the first key's type
     */
    public List<Reconciled> compare(Source.Jdbc database, Range range, int limit) throws IOException {
        DatabaseRows rows = new DatabaseRows(
                lake,
                table,
                database,
                range.date().orElse(LocalDate.ofInstant(lake.clock().instant(), lake.timezone(table))));
        String key = definition.keys().get(0);
        KeyRange keys = new KeyRange(key, table.columns().get(key), range.fromKey(), range.toKey());
        try {
            Dataset<Row> theirs = withRow(rows.of(session, keys), ROW).persist(StorageLevel.DISK_ONLY());
            Dataset<Row> ours =
                    withRow(ours(database, range.date(), keys), OTHER).persist(StorageLevel.DISK_ONLY());
            try {
                return compared(theirs, ours, limit);
            } finally {
                theirs.unpersist();
                ours.unpersist();
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw rows.failure(e);
        }
    }

    private List<Reconciled> compared(Dataset<Row> theirs, Dataset<Row> ours, int limit) {
        List<Reconciled> found = new ArrayList<>();
        found.add(side("database", theirs, ROW));
        found.add(side("lake", ours, OTHER));
        Column what = functions
                .when(col(OTHER).isNull(), "missing")
                .when(col(ROW).isNull(), "surplus")
                .when(col(ROW).notEqual(col(OTHER)), "different");
        Column key = RowJson.of(keys());
        Dataset<Row> differences = theirs.join(ours, Latest.names(definition.keys()), "full_outer")
                .withColumn(WHAT, what)
                .filter(col(WHAT).isNotNull())
                .select(col(WHAT), key.as("key"))
                .persist(StorageLevel.DISK_ONLY());
        for (String difference : DIFFERENCES) {
            Dataset<Row> some = differences.filter(col(WHAT).equalTo(difference));
            long count = some.count();
            if (count > 0) {
                String named = some.orderBy("key").limit(limit).collectAsList().stream()
                        .map(row -> row.getString(1))
                        .collect(Collectors.joining(" "));
                found.add(new Reconciled(table.name(), difference, count, "", named));
            }
        }
        differences.unpersist();
        return found;
    }

    private Reconciled side(String what, Dataset<Row> rows, String row) {
        Row counted = rows.agg(
                        functions.count(lit(1)),
                        functions.sum(functions.xxhash64(col(row)).cast("decimal(38,0)")))
                .first();
        String checksum = counted.isNullAt(1) ? "0" : counted.getDecimal(1).toPlainString();
        return new Reconciled(table.name(), what, counted.getLong(0), checksum, "");
    }

    private Column[] keys() {
        return definition.keys().stream().map(Latest::column).toArray(Column[]::new);
    }

    /** Keys, and the row as text. */
    private Dataset<Row> withRow(Dataset<Row> rows, String name) {
        Column[] columns = table.columns().keySet().stream().map(Latest::column).toArray(Column[]::new);
        List<Column> selected = new ArrayList<>(List.of(keys()));
        selected.add(RowJson.of(columns).as(name));
        return rows.select(selected.toArray(new Column[0]));
    }

    /** The rows that the lake has now. */
    private Dataset<Row> ours(Source.Jdbc database, Optional<LocalDate> date, KeyRange keys) throws IOException {
        SnapshotInput input = SnapshotInput.open(lake, table.name());
        SnapshotRead version = input.versions()
                .newest()
                .orElseThrow(() -> new LakeException(
                        ExitCode.NO_INPUT, "Cannot reconcile " + table.name() + ": it was never built. Run it first."));
        Dataset<Row> rows = input.rows(session, version);
        if (definition instanceof HistoryDefinition history) {
            rows = rows.filter(Latest.column(history.periodColumns().current()));
        }
        if (date.isPresent()) {
            String by = SqlIdentifier.unquoted(database.by().orElseThrow());
            if (!table.columns().containsKey(by)) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "Cannot reconcile " + table.name() + ": it has no column " + by
                                + ", which --by names. Name a column of it, a date or a timestamp.");
            }
            rows = rows.filter(functions.to_date(Latest.column(by)).equalTo(lit(date.get())));
        }
        Column key = Latest.column(keys.column());
        if (keys.from().isPresent()) {
            rows = rows.filter(key.geq(lit(keys.from().get()).cast(keys.type())));
        }
        if (keys.to().isPresent()) {
            rows = rows.filter(key.lt(lit(keys.to().get()).cast(keys.type())));
        }
        return rows;
    }
}
