package dev.igarape.jobs.keyed;

import dev.igarape.model.CurrentDefinition;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The fold of a current table: of the events of a key the greatest stands. It remembers deletions. Where some are forgotten, an
 * event of a key of which nothing is known may be older than one of them, and is {@code LATE}.
 */
final class CurrentFold implements Fold {
    /** The folder of a commit with the deletions that it has found. */
    private static final String FOLDER = "deleted";

    /** A deletion of a key that has no row: only the deletion is kept. */
    private static final String DELETE_NOTHING = "delete nothing";
    /** The key has no events any more. */
    private static final String WITHDRAW = "withdraw";
    /** Nobody can tell whether the key was deleted after the event. */
    private static final String LATE = "late";
    /** Nothing changes, but only content has decided that. */
    private static final String TIE = "tie";

    private static final String KIND = "__igarape_kind";
    private static final String KNOWN = "__igarape_known";
    private static final String DELETION = "__igarape_deletion";

    private final CurrentDefinition definition;
    private final Latest latest;

    CurrentFold(CurrentDefinition definition) {
        this.definition = definition;
        this.latest = new Latest(definition, definition.keys());
    }

    @Override
    public Summary latest() {
        return latest;
    }

    @Override
    public List<String> rowKeys() {
        return definition.keys();
    }

    @Override
    public String ambiguous(long keys) {
        return keys + (keys == 1 ? " key has" : " keys have")
                + " a last event that shares its sequence with another event of other content";
    }

    @Override
    public String folder() {
        return FOLDER;
    }

    @Override
    public Changes changes(Dataset<Row> last, Held held, KeptRows work) {
        Dataset<Row> rows = held.rows()
                .orElseGet(() -> last.select(Events.columns(last.schema())).limit(0));
        Dataset<Row> changes = held.whole()
                ? work.kept(differences(last, rows), "changes")
                : work.kept(newer(last, rows, held, work), "changes", !held.wide());
        Map<LocalDate, Long> events = new HashMap<>();
        Map<LocalDate, Long> late = new HashMap<>();
        long deletions = 0;
        long ofRows = 0;
        List<EventCount> counts = EventCount.of(changes, KIND, Events.DATE);
        for (EventCount counted : counts) {
            String kind = (String) counted.alike().get(0);
            LocalDate date = (LocalDate) counted.alike().get(1);
            long count = counted.events();
            if (kind.equals(LATE)) {
                late.put(date, count);
                continue;
            }
            if (kind.equals(TIE)) {
                continue;
            }
            if (!kind.equals(WITHDRAW)) {
                events.merge(date, count, Long::sum);
            }
            deletions += kind.equals(DELETE) || kind.equals(DELETE_NOTHING) ? count : 0;
            ofRows += kind.equals(DELETE_NOTHING) ? 0 : count;
        }
        return new Changes(
                changes.filter(functions.col(CHANGE).isNotNull()),
                ofRows,
                events,
                deletions == 0 ? Optional.empty() : Optional.of(deletions(changes, held.now())),
                Optional.empty(),
                new Changes.Late(changes.filter(functions.col(KIND).equalTo(LATE)), late),
                Ambiguous.of(counts, changes, definition.keys()));
    }

    /** What events change in a table that holds the last ones of others. */
    private Dataset<Row> newer(Dataset<Row> last, Dataset<Row> rows, Held held, KeptRows work) {
        Optional<FewKeys> few = FewKeys.of(last, definition.keys())
                .filter(keys -> work.few()
                        && !held.wide()
                        && keys.fit(rows.schema())
                        && held.remembered()
                                .map(remembered -> keys.fit(remembered.schema()))
                                .orElse(true));
        Dataset<Row> joined = few.flatMap(keys ->
                        keys.with(work.keptOfEvents(known(last, rows, held.remembered()), "known"), KNOWN))
                .orElseGet(() -> withKnown(last, rows, held.remembered()));
        Column known = functions.col(KNOWN);
        if (held.remembered().isPresent()) {
            known = functions.greatest(known, functions.col(DELETION));
        }
        Column newer = known.isNull().or(functions.col(Latest.ORDER).gt(known));
        Column forgotten = held.forgotten()
                .map(upTo -> isForgotten(SequenceTime.of(definition, last.schema()), upTo))
                .orElse(functions.lit(false));
        Column unknown = known.isNull().and(forgotten);
        // Remembered, such a deletion would vouch for events that are older than a later one, which is forgotten.
        Column deletes = functions.col(Latest.ORDER + "." + Latest.DELETES);
        Column kind = functions
                .when(unknown, functions.when(functions.not(deletes), LATE))
                .otherwise(kind());
        Column ambiguous = latest.isAmbiguous(last.schema(), Optional.of(functions.struct(known.as(Latest.ORDER))))
                .and(functions.not(unknown));
        return changed(joined.withColumn(Ambiguous.COLUMN, ambiguous), functions.when(newer, kind), last);
    }

    /** Whether an event is of a time from which deletions may be forgotten. */
    private static Column isForgotten(SequenceTime time, String upTo) {
        return Latest.column(time.name()).leq(time.parsed(upTo));
    }

    /** What has to change in a table so that it holds these last events and no others. */
    private Dataset<Row> differences(Dataset<Row> last, Dataset<Row> rows) {
        Dataset<Row> joined = joined(last, rows, "full_outer");
        Column gone = functions.col(Latest.ORDER).isNull();
        Column same = functions.col(KNOWN).eqNullSafe(functions.col(Latest.ORDER));
        Column kind =
                functions.when(gone, functions.lit(WITHDRAW)).otherwise(functions.when(functions.not(same), kind()));
        return changed(
                joined.withColumn(Ambiguous.COLUMN, latest.isAmbiguous(last.schema(), Optional.empty())), kind, last);
    }

    private static Column kind() {
        Column exists = functions.col(KNOWN).isNotNull();
        return functions
                .when(
                        functions.col(Latest.ORDER + "." + Latest.DELETES),
                        functions.when(exists, functions.lit(DELETE)).otherwise(functions.lit(DELETE_NOTHING)))
                .otherwise(functions.when(exists, functions.lit(UPDATE)).otherwise(functions.lit(INSERT)));
    }

    /** The events that change something, by kind, and those that are ambiguous. */
    private static Dataset<Row> changed(Dataset<Row> joined, Column kind, Dataset<Row> last) {
        List<Column> columns = new ArrayList<>(List.of(Events.columns(last.schema())));
        columns.add(functions.col(Events.DATE));
        columns.add(functions.col(Latest.ORDER));
        columns.add(functions.col(KIND));
        columns.add(functions.col(Ambiguous.COLUMN));
        columns.add(functions
                .when(functions.col(KIND).equalTo(WITHDRAW), DELETE)
                .when(functions.not(functions.col(KIND).isin(DELETE_NOTHING, LATE, TIE)), functions.col(KIND))
                .as(CHANGE));
        columns.addAll(Fold.before(joined));
        return joined.withColumn(KIND, functions.coalesce(kind, functions.when(functions.col(Ambiguous.COLUMN), TIE)))
                .filter(functions.col(KIND).isNotNull())
                .select(columns.toArray(new Column[0]));
    }

    /** Events with the place of the row that their key has in the table, and of its last deletion. */
    private Dataset<Row> withKnown(Dataset<Row> last, Dataset<Row> rows, Optional<Dataset<Row>> remembered) {
        Dataset<Row> joined = joined(last, latest.touched(rows, last), "left");
        if (remembered.isEmpty()) {
            return joined;
        }
        Dataset<Row> deletions = latest.ofParts(latest.touched(remembered.get(), last));
        return joined.join(
                deletions.withColumnRenamed(Latest.ORDER, DELETION), Latest.names(definition.keys()), "left");
    }

    /** The places of rows that the keys of events have in the table, and of all their deletions, by one query. */
    private Dataset<Row> known(Dataset<Row> last, Dataset<Row> rows, Optional<Dataset<Row>> remembered) {
        Dataset<Row> known = latest.touched(rows, last).select(places(rows));
        if (remembered.isEmpty()) {
            return known;
        }
        Dataset<Row> deletions = latest.touched(remembered.get(), last);
        StructType ofRows = known.schema();
        List<Column> columns = new ArrayList<>();
        for (String name : known.columns()) {
            columns.add(
                    definition.keys().contains(name)
                            ? Latest.column(name)
                            : none(ofRows, name).as(name));
        }
        columns.add(functions.col(Latest.ORDER).as(DELETION));
        return known.withColumn(DELETION, none(deletions.schema(), Latest.ORDER))
                .unionByName(deletions.select(columns.toArray(new Column[0])));
    }

    /** Null as a column of this type. */
    private static Column none(StructType columns, String name) {
        return functions.lit(null).cast(columns.apply(name).dataType());
    }

    private Dataset<Row> joined(Dataset<Row> last, Dataset<Row> rows, String how) {
        return last.join(rows.select(places(rows)), Latest.names(definition.keys()), how);
    }

    /** Keys of rows, their places among events, and where they are in the table. */
    private Column[] places(Dataset<Row> rows) {
        List<Column> columns =
                new ArrayList<>(definition.keys().stream().map(Latest::column).toList());
        columns.add(latest.orderOfRow(rows.schema()).as(KNOWN));
        columns.addAll(Fold.before(rows));
        return columns.toArray(new Column[0]);
    }

    /** The keys that changes delete, each with the place of the deletion and, where it matters, when it was taken. */
    private Dataset<Row> deletions(Dataset<Row> changes, Instant now) {
        List<Column> columns =
                new ArrayList<>(definition.keys().stream().map(Latest::column).toList());
        columns.add(functions.col(Latest.ORDER));
        if (definition.tombstones().isPresent()) {
            columns.add(functions.lit(now).as(Tombstones.TAKEN));
        }
        return changes.filter(functions.col(KIND).isin(DELETE, DELETE_NOTHING)).select(columns.toArray(new Column[0]));
    }
}
