package dev.igarape.jobs.daily;

import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.model.TableName;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * What a build of a date computes.
 *
 * @param intervals those that are computed and written, each as a partition; empty: the date is written in one piece
 * @param whole whether these are all that the date has
 * @param snapshots by input without dates, the version of it that is read
 * @param touched times of the rows that may differ from those that stand; empty: any of the intervals'
 */
record DateScope(
        LocalDate date,
        ZoneId zone,
        List<Interval> intervals,
        boolean whole,
        Map<TableName, SnapshotRead> snapshots,
        List<TimeRange> touched) {
    DateScope {
        intervals = List.copyOf(intervals);
        snapshots = Map.copyOf(snapshots);
        touched = List.copyOf(touched);
    }

    /** Of whose intervals any row may differ. */
    DateScope(
            LocalDate date,
            ZoneId zone,
            List<Interval> intervals,
            boolean whole,
            Map<TableName, SnapshotRead> snapshots) {
        this(date, zone, intervals, whole, snapshots, List.of());
    }

    /** The whole date, in one piece. */
    static DateScope inOnePiece(LocalDate date, ZoneId zone, Map<TableName, SnapshotRead> snapshots) {
        return new DateScope(date, zone, List.of(), true, snapshots);
    }

    /** No rows at all, since the input commits that are new to the date have none that it depends on. */
    static DateScope nothing(LocalDate date, ZoneId zone, Map<TableName, SnapshotRead> snapshots) {
        return new DateScope(date, zone, List.of(), false, snapshots);
    }

    boolean isInOnePiece() {
        return whole && intervals.isEmpty();
    }

    /** Whether the rows are of several intervals, so that each has to say of which it is. */
    boolean isSplit() {
        return intervals.size() > 1;
    }

    boolean isNothing() {
        return !whole && intervals.isEmpty();
    }

    /** Times of the rows that are written, disjoint and ascending. */
    List<TimeRange> times() {
        return whole
                ? List.of(Intervals.date(date, zone))
                : TimeRange.joined(intervals.stream().map(Interval::times).toList());
    }

    /** Times of the rows of an input that are read, disjoint and ascending. */
    List<TimeRange> reads(Duration lookback) {
        return TimeRange.joined(times().stream()
                .map(range -> new TimeRange(range.from().minus(lookback), range.until()))
                .toList());
    }

    /** The times that are written, and as long before and after them as a lookback; none without a lookback. */
    List<TimeRange> neighbours(Duration lookback) {
        return lookback.isZero()
                ? List.of()
                : times().stream()
                        .map(range -> new TimeRange(
                                range.from().minus(lookback), range.until().plus(lookback)))
                        .toList();
    }
}
