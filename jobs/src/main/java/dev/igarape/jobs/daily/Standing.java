package dev.igarape.jobs.daily;

import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What stands of a date, to which a build may add.
 *
 * @param intervals by index; empty if the date is in one piece
 * @param partitions by key
 * @param quarantine likewise
 * @param columns of its rows
 */
record Standing(
        Map<Long, Interval> intervals,
        Map<Key, CurrentPartition> partitions,
        Map<Key, CurrentPartition> quarantine,
        Map<String, String> columns) {
    /** Empty if the date has no version to which rows can be added. */
    static Optional<Standing> of(Lake lake, Table table, LedgerState state, LocalDate date) throws IOException {
        Map<Key, CurrentPartition> partitions = byKey(state.partitionsOf(date));
        Optional<Map<String, String>> columns = columns(lake, table, state, date);
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        Map<Long, Interval> intervals = new TreeMap<>();
        if (!partitions.containsKey(DateFiles.onePiece(date))) {
            Optional<Duration> length = table.definition().interval();
            if (length.isEmpty()) {
                return Optional.empty();
            }
            ZoneId zone = lake.timezone(table);
            new Intervals(length.get(), zone).of(date).forEach(one -> intervals.put(one.index(), one));
            if (!intervals.values().stream().map(DateFiles::key).allMatch(partitions::containsKey)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Standing(intervals, partitions, byKey(state.quarantineOf(date)), columns.get()));
    }

    /** The columns of what a date has; empty: it has nothing. */
    static Optional<Map<String, String>> columns(Lake lake, Table table, LedgerState state, LocalDate date)
            throws IOException {
        // The commit that wrote a part of it last: a rollback after that says nothing of columns.
        Optional<Long> written = state.partitionsOf(date).stream()
                .flatMap(placed -> placed.rowsByCommit().last().stream().boxed())
                .max(Comparator.naturalOrder());
        return written.isEmpty()
                ? Optional.empty()
                : Optional.of(lake.ledger(table.name()).commit(written.get()).columns());
    }

    boolean isInOnePiece() {
        return intervals.isEmpty();
    }

    private static Map<Key, CurrentPartition> byKey(List<CurrentPartition> placed) {
        Map<Key, CurrentPartition> byKey = new LinkedHashMap<>();
        placed.forEach(current -> byKey.put(current.partition().key(), current));
        return byKey;
    }
}
