package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.ChangedTimes;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.model.Input;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides what a build of a date computes: the intervals that rows have come to or gone from since its last build, or the
 * whole date.
 *
 * <p>A reader lists the partitions of a table first and asks for their folders later, so a flip is atomic for it only over
 * partitions that it has listed. Therefore a date that is not over gets all its partitions at once, when it is built for
 * the first time, and a date is written by intervals only if it has them.
 */
final class Scopes {
    /** A partition whose rows may lie in more intervals than these is read to know in which they do. */
    private static final int CLOSE = 3;

    private final Lake lake;
    private final Table table;
    private final ZoneId zone;
    private final Optional<Intervals> intervals;
    private final Map<LocalDate, Map<Key, PartitionVersion>> partitions = new HashMap<>();

    /** @param state of the table's ledger */
    Scopes(Lake lake, Table table, LedgerState state) {
        this.lake = lake;
        this.table = table;
        this.zone = lake.manifest().owner(table.name()).map(Pipeline::timezone).orElseThrow();
        this.intervals = table.definition().interval().map(length -> new Intervals(length, zone));
        state.partitions()
                .forEach(current -> partitions
                        .computeIfAbsent(current.partition().date(), date -> new LinkedHashMap<>())
                        .put(current.partition().key(), current.partition()));
    }

    /** Reads in which intervals rows lie, where the ledger does not say it closely enough. */
    interface RowTimes {
        /** Ranges that hold the times of all rows of these partitions. */
        List<TimeRange> of(Input input, List<CurrentPartition> partitions, Intervals intervals) throws IOException;
    }

    /** What a build of this date computes. */
    DateScope of(LocalDate date, DailyInputs inputs, Staleness staleness, RowTimes rowTimes) throws IOException {
        DateScope whole = whole(date);
        boolean anew = staleness.built().isEmpty() || staleness.redefined() || staleness.isFrozen();
        if (anew || whole.isInOnePiece() || isInOnePiece(date)) {
            return whole;
        }
        return touched(date, inputs, staleness, rowTimes)
                .map(times -> intervals.orElseThrow().overlapping(date, times))
                .filter(some -> !some.isEmpty())
                .map(some -> new DateScope(date, zone, some, false))
                .orElse(whole);
    }

    /** The whole date, by intervals if it has or can have their partitions. */
    DateScope whole(LocalDate date) {
        List<Interval> all = intervals.map(some -> some.of(date)).orElse(List.of());
        Set<Key> present = present(date).keySet();
        boolean byInterval = present.isEmpty()
                ? lake.clock().instant().isBefore(Intervals.date(date, zone).until())
                : all.stream().allMatch(interval -> present.contains(key(interval)));
        return byInterval ? new DateScope(date, zone, all, true) : DateScope.inOnePiece(date, zone);
    }

    /** Partitions that a commit of this scope empties, so that the date has each row once. */
    List<PartitionVersion> emptied(DateScope scope) {
        if (!scope.whole()) {
            return List.of();
        }
        Key onePiece = onePiece(scope.date());
        Set<Key> keys = new HashSet<>();
        present(scope.date()).forEach((key, partition) -> {
            if (!partition.isEmptied()) {
                keys.add(key);
            }
        });
        if (scope.isInOnePiece()) {
            keys.remove(onePiece);
        } else if (present(scope.date()).isEmpty()) {
            // A compaction will need it.
            keys.add(onePiece);
        }
        scope.intervals().forEach(interval -> keys.remove(key(interval)));
        return keys.stream().map(PartitionVersion::emptied).toList();
    }

    static Key key(Interval interval) {
        return Key.ofInterval(interval.date(), interval.label());
    }

    private static Key onePiece(LocalDate date) {
        return new Key(date, Optional.empty(), Optional.empty());
    }

    private boolean isInOnePiece(LocalDate date) {
        return Optional.ofNullable(present(date).get(onePiece(date)))
                .filter(partition -> !partition.isEmptied())
                .isPresent();
    }

    private Map<Key, PartitionVersion> present(LocalDate date) {
        return partitions.getOrDefault(date, Map.of());
    }

    /** The times of the date that a build has to compute again; empty if that may be all of it. */
    private Optional<List<TimeRange>> touched(
            LocalDate date, DailyInputs inputs, Staleness staleness, RowTimes rowTimes) throws IOException {
        List<TimeRange> touched = new ArrayList<>();
        for (Input input : table.inputs()) {
            Reach reach = Reach.of(input, zone);
            ChangedTimes changes = inputs.changes(input);
            Set<Long> unread = staleness
                    .unread()
                    .getOrDefault(input.table(), new TreeMap<>())
                    .keySet();
            Set<Long> gone = staleness.gone().getOrDefault(input.table(), new TreeSet<>());
            Optional<List<TimeRange>> replaced = changes.written(date, reach, gone);
            Optional<List<TimeRange>> came = lake.table(input.table()).isIncremental()
                    ? Optional.of(added(date, input, unread, changes, rowTimes))
                    : changes.written(date, reach, unread);
            if (replaced.isEmpty() || came.isEmpty()) {
                return Optional.empty();
            }
            List<TimeRange> changed = new ArrayList<>(replaced.get());
            changed.addAll(came.get());
            // Rows of these times are read by results up to a lookback later.
            changed.forEach(range ->
                    touched.add(new TimeRange(range.from(), range.until().plus(reach.time()))));
        }
        return Optional.of(touched);
    }

    /** The times of rows that commits have added to an input, which replace none. */
    private List<TimeRange> added(
            LocalDate date, Input input, Set<Long> commits, ChangedTimes changes, RowTimes rowTimes)
            throws IOException {
        Reach reach = Reach.of(input, zone);
        List<TimeRange> added = new ArrayList<>();
        List<CurrentPartition> wide = new ArrayList<>();
        for (CurrentPartition came : changes.partitions(date, reach, commits)) {
            Set<Long> moved = came.partition()
                    .rowsByCommit()
                    .map(counts -> new TreeSet<>(counts.keySet()))
                    .orElseGet(TreeSet::new);
            moved.retainAll(commits);
            // Compaction has moved rows together: the commits that brought them know their times more closely.
            Optional<List<TimeRange>> times =
                    moved.isEmpty() ? came.partition().times().map(List::of) : changes.written(date, reach, moved);
            times.filter(ranges -> ranges.stream().allMatch(this::isClose))
                    .ifPresentOrElse(added::addAll, () -> wide.add(came));
        }
        if (!wide.isEmpty()) {
            added.addAll(rowTimes.of(input, wide, intervals.orElseThrow()));
        }
        return added;
    }

    private boolean isClose(TimeRange times) {
        return intervals.orElseThrow().count(times) <= CLOSE;
    }
}
