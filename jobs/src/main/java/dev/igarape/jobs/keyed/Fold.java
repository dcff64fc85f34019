package dev.igarape.jobs.keyed;

import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a kind of table makes of the events of its keys. */
interface Fold {
    /** What happens to a row of the table: {@link #INSERT}, {@link #UPDATE} or {@link #DELETE}. */
    String CHANGE = "__igarape_change";

    String INSERT = "insert";
    String UPDATE = "update";
    String DELETE = "delete";

    /** That of a definition. */
    static Fold of(Table table) {
        Definition.Keyed definition = (Definition.Keyed) table.definition();
        if (definition instanceof Definition.History) {
            return new HistoryFold(table);
        }
        List<String> keys = definition.keys();
        if (definition.cdc().isPresent()) {
            return new ChangeFold(keys, new ChangeStates(table, keys));
        }
        Definition.Current current = (Definition.Current) definition;
        return current.ignoreNull().isEmpty()
                ? new CurrentFold(current)
                : new ChangeFold(keys, new Latest(current, keys, new ToldValues(current.ignoreNull())));
    }

    /** Finds the events that count. */
    Summary latest();

    /** Columns that name a row of the table. */
    List<String> rowKeys();

    /** What to tell of so many events that count by their content alone, more than none. */
    String ambiguous(long events);

    /** The folder of a commit with what it remembers. */
    String folder();

    /**
     * What a table holds before a step.
     *
     * @param rows empty: no table with the same columns
     * @param remembered empty: nothing
     * @param whole whether the step has read all events, and the table holds nothing else after it
     * @param forgotten see {@link DeltaVersion#forgotten}
     * @param now the time of the step
     */
    record Held(
            Optional<Dataset<Row>> rows,
            Optional<Dataset<Row>> remembered,
            boolean whole,
            Optional<String> forgotten,
            Instant now) {}

    /** Writes rows once, so that each further use reads the same. */
    @FunctionalInterface
    interface Work {
        Dataset<Row> kept(Dataset<Row> rows, String name);
    }

    /**
     * Finds what events change.
     *
     * @param last events as {@link Latest#of} gives them
     */
    Changes changes(Dataset<Row> last, Held held, Work work);
}
