package dev.igarape.jobs.keyed;

import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What a kind of table makes of the events of its keys. */
interface Fold {
    /** What happens to a row of the table: {@link #INSERT}, {@link #UPDATE} or {@link #DELETE}. */
    String CHANGE = "__igarape_change";

    String INSERT = "insert";
    String UPDATE = "update";
    String DELETE = "delete";

    /** The row that a change updates or deletes, as {@link KeyedTable#rows} has it: where it is, and its columns for the feed. */
    String BEFORE = "__igarape_before";

    /** {@link #BEFORE} among columns; none where they are not of rows of a table. */
    static List<Column> before(Dataset<Row> rows) {
        return List.of(rows.columns()).contains(BEFORE) ? List.of(functions.col(BEFORE)) : List.of();
    }

    /** That of a definition. */
    static Fold of(Table table) {
        KeyedDefinition definition = (KeyedDefinition) table.definition();
        if (definition instanceof HistoryDefinition) {
            return new HistoryFold(table);
        }
        List<String> keys = definition.keys();
        if (definition.cdc().isPresent()) {
            return new ChangeFold(keys, new ChangeStates(table, keys));
        }
        CurrentDefinition current = (CurrentDefinition) definition;
        return current.ignoreNull().isEmpty() ? new CurrentFold(current) : new ChangeFold(current);
    }

    /** Finds the events that count; always the same one, which has seen all events of its step. */
    Summary latest();

    /** Columns that name a row of the table. */
    List<String> rowKeys();

    /** The problem with so many identities of which only content decides what counts, more than none; no full stop. */
    String ambiguous(long identities);

    /** The folder of a commit with what it remembers. */
    String folder();

    /**
     * What a table holds before a step.
     *
     * @param rows empty: no table with the same columns
     * @param wide whether the rows of the events' keys may be too large for memory, however small the events are
     * @param remembered empty: nothing
     * @param whole whether the step has read all events, and the table holds nothing else after it
     * @param forgotten see {@link DeltaVersion#forgotten}
     * @param late events that {@link #split} has set apart
     * @param now the time of the step
     */
    record Held(
            Optional<Dataset<Row>> rows,
            boolean wide,
            Optional<Dataset<Row>> remembered,
            boolean whole,
            Optional<String> forgotten,
            Optional<Dataset<Row>> late,
            Instant now) {}

    /**
     * Events that may be folded, and those that may be older than a deletion which is forgotten.
     *
     * @param late empty: none were set apart
     */
    record Split(Dataset<Row> events, Optional<Dataset<Row>> late) {}

    /** What is remembered; empty: nothing. */
    interface Remembered {
        Optional<Dataset<Row>> read() throws IOException;
    }

    /**
     * Sets events apart that must not be folded with others, where the fold could not tell them any more.
     *
     * @param events as {@link Events#accepted} gives them
     * @param remembered what is before the step, read only if it is needed
     * @param forgotten likewise before the step
     */
    default Split split(Dataset<Row> events, Remembered remembered, Optional<String> forgotten, KeptRows work)
            throws IOException {
        return new Split(events, Optional.empty());
    }

    /**
     * Finds what events change.
     *
     * @param last events as {@link Summary#of} gives them
     * @throws dev.igarape.model.error.LakeException DEFINITION if they can't all be events of this table
     */
    Changes changes(Dataset<Row> last, Held held, KeptRows work) throws InterruptedException;
}
