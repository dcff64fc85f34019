package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import java.util.List;

/** Runs range tasks, in this process or on a cluster. */
public interface RangeRunner {
    /**
     * Lands all ranges. Each is in the results exactly once; failed or duplicate attempts are not.
     *
     * @return one result for each range, in the order of the ranges
     * @throws dev.igarape.model.error.LakeException the first failure of a range that retries did not resolve
     */
    List<RangeResult> land(LandingJob job, List<OffsetRange> ranges);
}
