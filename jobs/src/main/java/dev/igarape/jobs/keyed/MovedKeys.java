package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.CheckedRows;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.sql.SqlTemplate;
import java.io.IOException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The keys whose row may be another one since inputs that a table joins have changed: those of events, as they were or as they are, in
 * which a row has a part that such an input has given up or got, and those of new events. The row of any other key stays.
 */
final class MovedKeys {
    private final Table table;
    private final LedgerState state;
    private final KeptRows work;

    /** @param work keeps rows of any number */
    MovedKeys(Table table, LedgerState state, KeptRows work) {
        this.table = table;
        this.state = state;
        this.work = work;
    }

    /**
     * Finds them.
     *
     * @param dates all dates of the table
     * @return rows of the columns that name a key, each once; empty where they can't be told
     */
    Optional<Dataset<Row>> find(Events events, Map<LocalDate, Staleness> dates) throws IOException {
        Optional<Map<TableName, Dataset<Row>>> found = events.joined().changes(state.lastSnapshots());
        if (found.isEmpty() || !canTell(found.get().keySet())) {
            return Optional.empty();
        }
        Map<TableName, Dataset<Row>> changes = new LinkedHashMap<>();
        found.get().forEach((input, rows) -> changes.put(input, work.kept(rows, "of-" + input)));
        List<LocalDate> all = List.copyOf(dates.keySet());
        Dataset<Row> parts = null;
        for (int first = 0; first < all.size(); first += KeyedBuild.MOST_DATES) {
            Dataset<Row> some = null;
            for (LocalDate date : all.subList(first, Math.min(all.size(), first + KeyedBuild.MOST_DATES))) {
                for (Dataset<Row> keys : events.keys(date, dates.get(date), changes)) {
                    some = some == null ? keys : some.unionByName(keys);
                }
            }
            if (some != null) {
                Dataset<Row> written = work.kept(some.distinct(), "keys-" + first);
                parts = parts == null ? written : parts.unionByName(written);
            }
        }
        if (parts == null) {
            return Optional.empty();
        }
        Dataset<Row> keys = work.kept(parts.distinct(), "keys");
        // An event without a key is none of any key, and has to be refused.
        return keys.filter(isWithout(keys)).isEmpty() ? Optional.of(keys) : Optional.empty();
    }

    /**
     * The dates that a step over touched keys builds: those that are due, and those that have events of such keys, or new ones. Of the
     * others, nothing is new; that they are of other versions of what is joined follows from the step.
     */
    static Map<LocalDate, Staleness> built(
            Map<LocalDate, Staleness> dates, Set<LocalDate> due, Map<LocalDate, CheckedRows.Counts> counts) {
        Map<LocalDate, Staleness> built = new TreeMap<>(dates);
        built.entrySet()
                .removeIf(date -> !due.contains(date.getKey())
                        && date.getValue().unread().isEmpty()
                        && counts.get(date.getKey()).produced() == 0);
        return built;
    }

    private static Column isWithout(Dataset<Row> keys) {
        Column without = functions.lit(false);
        for (String key : keys.columns()) {
            without = without.or(Latest.column(key).isNull());
        }
        return without;
    }

    /**
     * Whether a key has no row unless an event makes it, and each event that such a row has a part in is found by it. A deletion that is
     * remembered, or an event in quarantine, would have to be found and taken back, too.
     */
    private boolean canTell(Set<TableName> moved) {
        return table.definition() instanceof CurrentDefinition current
                && current.deleteWhen().isEmpty()
                && current.ignoreNull().isEmpty()
                && state.delta().isPresent()
                && state.quarantine().stream()
                        .allMatch(placed -> placed.partition().rows() == 0)
                && new SparkSqlParser()
                        .parse(SqlTemplate.forParsing(current.sql()))
                        .linear()
                        .containsAll(moved.stream().map(TableName::toString).toList());
    }
}
