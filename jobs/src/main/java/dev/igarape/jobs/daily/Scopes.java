package dev.igarape.jobs.daily;

import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.plan.TouchedTimes;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides what a build of a date computes: the intervals that rows have come to or gone from since its last build, or the
 * whole date.
 *
 * <p>A reader lists the partitions of a table first and asks for their folders later, so a flip is atomic for it only over
 * partitions that it has listed. Therefore today and tomorrow get all their partitions at once, when they are built for
 * the first time, and a date is written by intervals only if it has them. One that stands in one piece or in other intervals, as
 * after a change of the definition, gets them without rows, and is written by them once no reader can have listed it before that.
 */
final class Scopes {
    /** A query has asked for all folders that it reads so long after it has listed their partitions. */
    private static final Duration LISTED = Duration.ofMinutes(10);

    private final Lake lake;
    private final Table table;
    private final ZoneId zone;
    private final Optional<Intervals> intervals;
    private final DailyInputs inputs;
    private final Map<LocalDate, Map<Key, CurrentPartition>> partitions = new HashMap<>();
    private final LedgerState state;
    /** Answers of {@link #areListed}, for which an entry of the ledger is read. */
    private final Map<LocalDate, Boolean> listed = new ConcurrentHashMap<>();
    /** Whether the query falls into cells; empty before it has been looked at. */
    private Optional<Boolean> isCelled = Optional.empty();

    private Optional<Duration> cells = Optional.empty();

    /** @param state of the table's ledger */
    Scopes(Lake lake, Table table, DailyInputs inputs, LedgerState state) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.state = state;
        this.zone = lake.timezone(table);
        this.intervals = table.definition().interval().map(length -> new Intervals(length, zone));
        state.partitions()
                .forEach(current -> partitions
                        .computeIfAbsent(current.partition().date(), date -> new LinkedHashMap<>())
                        .put(current.partition().key(), current));
    }

    /** Reads in which intervals rows lie, where the ledger does not say it closely enough. */
    interface RowTimes {
        /** Ranges that hold the times of all rows of these partitions. */
        List<TimeRange> of(Input input, List<CurrentPartition> partitions, Intervals intervals) throws IOException;
    }

    /** What a build of this date computes. */
    DateScope of(LocalDate date, Staleness staleness, RowTimes rowTimes) throws IOException {
        DateScope whole = whole(date);
        // All rows of a date are of one version of an input without dates.
        boolean anew = staleness.built().isEmpty()
                || staleness.redefined()
                || staleness.isFrozen()
                || !staleness.outdated().isEmpty();
        if (anew || intervals.isEmpty()) {
            return whole;
        }
        Intervals some = intervals.get();
        Map<TableName, SnapshotRead> snapshots =
                inputs.snapshotsLike(staleness.built().get().build());
        boolean undivided = whole.isInOnePiece()
                || isInOnePiece(date)
                || hasRefusedWithoutInterval(date)
                || hasTimesOfTwoMoments(date)
                // Rows that stand would lack the default values of new fields.
                || !inputs.haveSchemasOf(staleness.built().get().build());
        // Of a date that is computed whole it only matters whether anything is touched.
        Intervals cells = cells(date).map(cell -> new Intervals(cell, zone)).orElse(some);
        Optional<List<TimeRange>> times = new TouchedTimes(lake, table, some)
                .of(
                        date,
                        staleness,
                        inputs::changes,
                        (input, placed) ->
                                undivided ? Optional.empty() : Optional.of(rowTimes.of(input, placed, cells)));
        Optional<List<Interval>> touched = times.map(ranges -> some.overlapping(date, ranges));
        if (touched.filter(List::isEmpty).isPresent()) {
            return DateScope.nothing(date, zone, snapshots);
        }
        return undivided || touched.isEmpty()
                ? whole
                : new DateScope(date, zone, touched.get(), false, snapshots, TimeRange.joined(times.get()));
    }

    /** The length of the parts of a date's intervals that can be computed by themselves; empty if only whole ones can. */
    synchronized Optional<Duration> cells(LocalDate date) {
        if (isCelled.isEmpty()) {
            cells = Cells.of(lake, table);
            isCelled = Optional.of(cells.isPresent());
        }
        // Different moments may have the same local time.
        return Intervals.hasClockChange(date, zone) ? Optional.empty() : cells;
    }

    /** The whole date, with the newest version of inputs without dates; by intervals if it has or can have their partitions. */
    DateScope whole(LocalDate date) throws IOException {
        List<Interval> all = intervals.map(some -> some.of(date)).orElse(List.of());
        boolean byInterval = intervals.isPresent()
                && (present(date).isEmpty()
                        ? isNear(date)
                        : missing(date).isEmpty() && (!isInOnePiece(date) || areListed(date)));
        Map<TableName, SnapshotRead> newest = inputs.newestSnapshots();
        return byInterval ? new DateScope(date, zone, all, true, newest) : DateScope.inOnePiece(date, zone, newest);
    }

    /** Partitions that a commit of this scope empties, so that the date has each row once. */
    List<PartitionVersion> emptied(DateScope scope) {
        if (!scope.whole()) {
            return List.of();
        }
        Key onePiece = DateFiles.onePiece(scope.date());
        Set<Key> keys = new HashSet<>();
        present(scope.date()).forEach((key, current) -> {
            if (!current.partition().isEmptied()) {
                keys.add(key);
            }
        });
        if (scope.isInOnePiece()) {
            keys.remove(onePiece);
            announced(scope.date()).forEach(partition -> keys.add(partition.key()));
        } else if (present(scope.date()).isEmpty()) {
            // A compaction will need it.
            keys.add(onePiece);
        }
        scope.intervals().forEach(interval -> keys.remove(DateFiles.key(interval)));
        return keys.stream().map(PartitionVersion::emptied).toList();
    }

    /** Partitions of intervals that a date which has others gets without rows, so that a later build can be by them. */
    List<PartitionVersion> announced(LocalDate date) {
        return present(date).isEmpty() || !isNear(date)
                ? List.of()
                : missing(date).stream().map(PartitionVersion::emptied).toList();
    }

    /** Whether a date in one piece is to be computed again by intervals, whatever could be added to it. */
    boolean isToBeSplit(LocalDate date) throws IOException {
        return intervals.isPresent()
                && isInOnePiece(date)
                && !isOver(date)
                && !whole(date).isInOnePiece();
    }

    private boolean isInOnePiece(LocalDate date) {
        return Optional.ofNullable(present(date).get(DateFiles.onePiece(date)))
                .filter(current -> !current.partition().isEmptied())
                .isPresent();
    }

    private boolean isOver(LocalDate date) {
        return !lake.clock().instant().isBefore(Intervals.date(date, zone).until());
    }

    /** Whether a date is one of those that get partitions for what is to come: rows may be of any later date by mistake. */
    private boolean isNear(LocalDate date) {
        LocalDate tomorrow = LocalDate.ofInstant(lake.clock().instant(), zone).plusDays(1);
        return !isOver(date) && !date.isAfter(tomorrow);
    }

    /** The partitions of intervals that a date has not got. */
    private List<Key> missing(LocalDate date) {
        Set<Key> present = present(date).keySet();
        return intervals.map(some -> some.of(date)).orElse(List.of()).stream()
                .map(DateFiles::key)
                .filter(key -> !present.contains(key))
                .toList();
    }

    /** Whether each reader that has not yet asked for a date's folders has listed its partitions of intervals. */
    private boolean areListed(LocalDate date) throws IOException {
        Boolean known = listed.get(date);
        if (known == null) {
            known = askWhetherListed(date);
            listed.put(date, known);
        }
        return known;
    }

    private boolean askWhetherListed(LocalDate date) throws IOException {
        long newest = present(date).values().stream()
                .filter(current -> current.partition().interval().isPresent())
                .mapToLong(CurrentPartition::sequence)
                .max()
                .orElseThrow();
        Commit commit = lake.ledger(table.name()).commit(newest);
        // What a compaction has emptied was listed before it.
        return commit.operation() == Operation.COMPACT
                || !commit.committedAt().isAfter(lake.clock().instant().minus(LISTED));
    }

    /** Whether rows in quarantine do not tell of which interval they are, so that only the whole date replaces them. */
    private boolean hasRefusedWithoutInterval(LocalDate date) {
        return state.quarantineOf(date).stream()
                .anyMatch(refused -> refused.partition().interval().isEmpty());
    }

    /** Whether a row may tell the time of another interval than that of its input rows: a local time of a date with an hour twice. */
    private boolean hasTimesOfTwoMoments(LocalDate date) throws IOException {
        return Intervals.hasClockChange(date, zone)
                && Standing.columns(lake, table, state, date)
                        .map(columns -> columns.get(table.definition().time().orElseThrow()))
                        .filter("timestamp_ntz"::equalsIgnoreCase)
                        .isPresent();
    }

    private Map<Key, CurrentPartition> present(LocalDate date) {
        return partitions.getOrDefault(date, Map.of());
    }
}
