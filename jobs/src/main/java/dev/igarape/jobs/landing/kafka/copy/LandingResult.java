package dev.igarape.jobs.landing.kafka.copy;

import java.util.List;

/**
 * The output of a landing, before the driver commits it. All ranges were read completely, and the counts of each
 * balance.
 */
public record LandingResult(List<RangeResult> ranges) {
    public LandingResult {
        ranges = List.copyOf(ranges);
    }

    public long read() {
        return ranges.stream().mapToLong(RangeResult::read).sum();
    }

    public long written() {
        return ranges.stream().mapToLong(RangeResult::written).sum();
    }

    public long dropped() {
        return ranges.stream().mapToLong(RangeResult::dropped).sum();
    }

    public long quarantined() {
        return ranges.stream().mapToLong(RangeResult::quarantined).sum();
    }
}
