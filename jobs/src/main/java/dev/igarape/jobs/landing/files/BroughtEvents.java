package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.folders.EventHubPartition;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Events that are read from a file one after the other, nearly always in order. */
final class BroughtEvents {
    private final Numbers brought = new Numbers();
    private final Numbers ofOthers = new Numbers();
    private Optional<TimeRange> enqueued = Optional.empty();

    private static final class Numbers {
        private SequenceSet before = SequenceSet.EMPTY;
        private boolean any;
        private long first;
        private long last;

        boolean add(long number) {
            if (any && number == last + 1 && !before.contains(number)) {
                last = number;
                return true;
            }
            if (before.contains(number) || any && first <= number && number <= last) {
                return false;
            }
            before = all();
            any = true;
            first = number;
            last = number;
            return true;
        }

        SequenceSet all() {
            List<SequenceSet.Range> ranges = new ArrayList<>(before.ranges());
            if (any) {
                ranges.add(new SequenceSet.Range(first, last));
            }
            return SequenceSet.union(ranges);
        }
    }

    /** Adds an event; false if one with this number is there. */
    boolean add(long number, Optional<Instant> time) {
        if (!brought.add(number)) {
            return false;
        }
        time.map(Instant::toEpochMilli)
                .map(millis -> TimeRange.ofMillis(millis, millis))
                .ifPresent(range ->
                        enqueued = Optional.of(enqueued.map(range::span).orElse(range)));
        return true;
    }

    /** Whether this is the time of an event that was added, as far as is known. */
    boolean covers(Optional<Instant> time) {
        return enqueued.isEmpty() || time.isEmpty() || enqueued.get().contains(time.get());
    }

    /** Puts an event on record that another file has brought. */
    void addOfOther(long number) {
        ofOthers.add(number);
    }

    Consumed.Captured captured(EventHubPartition partition) {
        return new Consumed.Captured(
                partition.eventHub(), partition.partition(), brought.all(), enqueued, ofOthers.all());
    }
}
