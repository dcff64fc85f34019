package dev.igarape.jobs.plan;

import dev.igarape.jobs.input.ChangedTimes;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The times of a date of a table with intervals that are to be computed again, for rows have come to or gone from them. */
public final class TouchedTimes {
    /** A partition whose rows may lie in more intervals than these does not say closely enough in which they do. */
    private static final int CLOSE = 3;

    private final Lake lake;
    private final Table table;
    private final Intervals intervals;

    public TouchedTimes(Lake lake, Table table, Intervals intervals) {
        this.lake = lake;
        this.table = table;
        this.intervals = intervals;
    }

    /** The changes of each input, as the ledgers say. */
    @FunctionalInterface
    public interface Changes {
        ChangedTimes of(Input input) throws IOException;
    }

    /** Says in which intervals rows lie where the ledger does not say it closely enough. */
    @FunctionalInterface
    public interface RowTimes {
        /** Ranges that hold the times of all rows of these partitions; empty if they are not to be read. */
        Optional<List<TimeRange>> of(Input input, List<CurrentPartition> partitions) throws IOException;
    }

    /** The times that differ between a date's last build and one now; empty if that may be all of the date. */
    public Optional<List<TimeRange>> of(
            LocalDate date, Freshness.Staleness staleness, Changes changes, RowTimes rowTimes) throws IOException {
        List<TimeRange> touched = new ArrayList<>();
        for (Input input : table.datedInputs()) {
            Reach reach = Reach.of(input, intervals.zone());
            ChangedTimes changed = changes.of(input);
            Optional<List<TimeRange>> since = since(date, staleness, input, changed);
            if (since.isPresent()) {
                since.get()
                        .forEach(range -> touched.add(
                                new TimeRange(range.from(), range.until().plus(reach.time()))));
                continue;
            }
            SequenceSet unread = staleness.unreadOf(input.table());
            SequenceSet gone = staleness.gone().getOrDefault(input.table(), SequenceSet.EMPTY);
            Optional<List<TimeRange>> replaced = changed.written(date, reach, gone);
            // Rows that are added replace none; a build may also have left out rows that were there.
            Optional<List<TimeRange>> came = lake.table(input.table()).isIncremental()
                    ? added(date, input, unread, changed, rowTimes)
                    : changed.written(date, reach, unread);
            if (replaced.isEmpty() || came.isEmpty()) {
                return Optional.empty();
            }
            List<TimeRange> ranges = new ArrayList<>(replaced.get());
            ranges.addAll(came.get());
            // Rows of these times are read by results up to a lookback later.
            ranges.forEach(range ->
                    touched.add(new TimeRange(range.from(), range.until().plus(reach.time()))));
        }
        return Optional.of(touched);
    }

    /** What an input that is built by intervals says of its changes since the date's last build; empty for other inputs. */
    private Optional<List<TimeRange>> since(
            LocalDate date, Freshness.Staleness staleness, Input input, ChangedTimes changed) throws IOException {
        if (lake.table(input.table()).interval().isEmpty() || staleness.built().isEmpty()) {
            return Optional.empty();
        }
        SequenceSet read = staleness.built().get().build().inputs().getOrDefault(input.table(), SequenceSet.EMPTY);
        return read.isEmpty()
                ? Optional.empty()
                : changed.since(
                        date, Reach.of(input, intervals.zone()), read.last().getAsLong());
    }

    private Optional<List<TimeRange>> added(
            LocalDate date, Input input, SequenceSet commits, ChangedTimes changes, RowTimes rowTimes)
            throws IOException {
        Reach reach = Reach.of(input, intervals.zone());
        List<TimeRange> added = new ArrayList<>();
        List<CurrentPartition> wide = new ArrayList<>();
        for (CurrentPartition came : changes.partitions(date, reach, commits)) {
            SequenceSet moved = came.partition()
                    .rowsByCommit()
                    .map(rows -> rows.commits().intersection(commits))
                    .orElse(SequenceSet.EMPTY);
            // Compaction has moved rows together: the commits that brought them know their times more closely.
            Optional<List<TimeRange>> times =
                    moved.isEmpty() ? came.partition().times().map(List::of) : changes.written(date, reach, moved);
            times.filter(ranges -> ranges.stream().allMatch(range -> intervals.count(range) <= CLOSE))
                    .ifPresentOrElse(added::addAll, () -> wide.add(came));
        }
        if (wide.isEmpty()) {
            return Optional.of(added);
        }
        return rowTimes.of(input, wide).map(times -> {
            added.addAll(times);
            return added;
        });
    }
}
