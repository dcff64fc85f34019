package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import java.util.List;
import java.util.function.Supplier;

/** Lands the ranges of a plan: in this process where they are small, otherwise by Spark, which is started only then. */
public final class TopicLander {
    /** Offsets that one process lands faster than a Spark session starts. */
    public static final long SMALL = 2_000_000;

    private final RangeRunner local;
    private final Supplier<RangeRunner> spark;
    private final long small;

    /**
     * @param spark asked only for more than {@code small} offsets
     * @param small most offsets that the local runner lands
     */
    public TopicLander(RangeRunner local, Supplier<RangeRunner> spark, long small) {
        this.local = local;
        this.spark = spark;
        this.small = small;
    }

    /** Lands all ranges; on a failure nothing counts, and the output folder may hold leftovers. */
    public LandingResult land(LandingJob job, List<OffsetRange> ranges) {
        long size = ranges.stream().mapToLong(OffsetRange::size).sum();
        RangeRunner runner = size <= small ? local : spark.get();
        List<RangeResult> results = runner.run(job, ranges);
        if (!results.stream().map(RangeResult::range).toList().equals(ranges)) {
            throw new IllegalStateException("asked for " + ranges + ", got results for "
                    + results.stream().map(RangeResult::range).toList());
        }
        return new LandingResult(results);
    }
}
