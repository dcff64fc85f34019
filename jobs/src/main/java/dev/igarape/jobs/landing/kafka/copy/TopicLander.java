package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import java.util.List;
import java.util.function.Supplier;

/** Lands the ranges of a plan: in this process if they are small, otherwise with Spark, which is started only then. */
public final class TopicLander {
    /** Number of offsets that one process lands faster than a Spark session starts. */
    public static final long SMALL = 2_000_000;
    /** The setting of Hadoop with another number in place of {@link #SMALL}. */
    public static final String SMALL_SETTING = "igarape.landing.small";

    private final RangeRunner local;
    private final Supplier<RangeRunner> spark;
    private final long small;

    /**
     * @param spark used only for more than {@code small} offsets
     * @param small maximum number of offsets for the local runner
     */
    public TopicLander(RangeRunner local, Supplier<RangeRunner> spark, long small) {
        this.local = local;
        this.spark = spark;
        this.small = small;
    }

    /** Lands all ranges. After a failure nothing may be used, and the output folder may contain leftovers. */
    public LandingResult land(LandingJob job, List<OffsetRange> ranges) {
        long size = ranges.stream().mapToLong(OffsetRange::size).sum();
        RangeRunner runner = size <= small ? local : spark.get();
        List<RangeResult> results = runner.land(job, ranges);
        if (!results.stream().map(RangeResult::range).toList().equals(ranges)) {
            throw new IllegalStateException("asked for " + ranges + ", got results for "
                    + results.stream().map(RangeResult::range).toList());
        }
        return new LandingResult(results);
    }
}
