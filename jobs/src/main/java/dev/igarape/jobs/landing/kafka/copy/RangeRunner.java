package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import java.util.List;

/** Has ranges landed, on this machine or many. */
public interface RangeRunner {
    /**
     * Lands all ranges, each exactly once as far as the results tell: a failed or doubled attempt leaves nothing in
     * them.
     *
     * @return one result for each range, in the order of the ranges
     * @throws dev.igarape.model.error.LakeException the first failure of a range that was not mended by trying again
     */
    List<RangeResult> run(LandingJob job, List<OffsetRange> ranges);
}
