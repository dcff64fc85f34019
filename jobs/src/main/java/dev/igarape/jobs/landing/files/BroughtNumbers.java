package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.ledger.SequenceSet;
import java.util.ArrayList;
import java.util.List;

/** Sequence numbers that are read one after the other, nearly always in order. */
final class BroughtNumbers {
    private SequenceSet before = SequenceSet.EMPTY;
    private boolean any;
    private long first;
    private long last;

    /** Adds a number; false if it is there. */
    boolean add(long number) {
        if (any && number == last + 1 && !before.contains(number)) {
            last = number;
            return true;
        }
        if (before.contains(number) || any && first <= number && number <= last) {
            return false;
        }
        before = numbers();
        any = true;
        first = number;
        last = number;
        return true;
    }

    /** All numbers that were added. */
    SequenceSet numbers() {
        List<SequenceSet.Range> ranges = new ArrayList<>(before.ranges());
        if (any) {
            ranges.add(new SequenceSet.Range(first, last));
        }
        return SequenceSet.union(ranges);
    }
}
