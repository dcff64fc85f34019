package dev.igarape.jobs.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Range of event times, from {@code from} (inclusive) to {@code until} (exclusive). */
public record TimeRange(Instant from, Instant until) {
    public TimeRange {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("times from " + from + " until " + until + " are no range");
        }
    }

    /** The smallest range that holds rows of these times, which Kafka landings know in milliseconds. */
    public static TimeRange ofMillis(long first, long last) {
        return new TimeRange(Instant.ofEpochMilli(first), Instant.ofEpochMilli(last + 1));
    }

    /** These ranges, ascending, with those that overlap or meet joined. */
    public static List<TimeRange> joined(Collection<TimeRange> ranges) {
        return joined(ranges, Duration.ZERO);
    }

    /** Likewise, with those joined that are no further apart than this. */
    public static List<TimeRange> joined(Collection<TimeRange> ranges, Duration gap) {
        List<TimeRange> joined = new ArrayList<>();
        for (TimeRange range :
                ranges.stream().sorted(Comparator.comparing(TimeRange::from)).toList()) {
            int last = joined.size() - 1;
            if (last >= 0 && !range.from().isAfter(joined.get(last).until().plus(gap))) {
                joined.set(last, joined.get(last).span(range));
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    public boolean contains(Instant time) {
        return !time.isBefore(from) && time.isBefore(until);
    }

    public boolean overlaps(TimeRange other) {
        return from.isBefore(other.until) && other.from.isBefore(until);
    }

    /** The smallest range that holds all of these; empty if one is not known. */
    public static Optional<TimeRange> span(Collection<Optional<TimeRange>> ranges) {
        return ranges.stream().allMatch(Optional::isPresent)
                ? ranges.stream().map(Optional::get).reduce(TimeRange::span)
                : Optional.empty();
    }

    /** The smallest range that holds both. */
    public TimeRange span(TimeRange other) {
        return new TimeRange(
                from.isBefore(other.from) ? from : other.from, until.isAfter(other.until) ? until : other.until);
    }
}
