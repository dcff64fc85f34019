package dev.igarape.jobs;

import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.maintenance.FoldLanded;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.ClicksTestBase;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.fs.GlobalStorageStatistics;
import org.junit.jupiter.api.Test;

/** What a step of a table with intervals reads, early in a day and late. */
final class IntervalGrowthTest extends ClicksTestBase {
    private static final FoldLanded.Limits LIMITS =
            new FoldLanded.Limits(4, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(10), 8);
    private static final int CLICK_BYTES = 50_000;
    private static final Instant START = Instant.parse("2024-01-01T01:00:00Z");
    private static final int MINUTES = 40;

    @Test
    void aStepReadsNoMoreLateInTheDayThanEarly() throws Exception {
        long early = 0;
        long late = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            Instant now = START.plus(Duration.ofMinutes(minute));
            Lake lake = clicks.open(now.toString());
            // Each of another name, for equal ones would be compressed.
            clicks.click(lake, randomName(minute), now.toString().substring(11, 19));
            if (minute % 10 == 9) {
                try (Publisher publisher = lake.publisher()) {
                    new FoldLanded(lake, publisher, LIMITS).run(lake.table(RAW));
                }
                long before = read();
                clicks.build(lake, WINDOWS);
                long step = read() - before;
                early = minute == 9 ? step : early;
                late = step;
            }
        }
        // Letters take less than a byte once they are compressed.
        assertThat(early).isGreaterThan(10L * CLICK_BYTES / 2);
        // Both steps compute ten minutes of the forty that the day has in the end; merged batches reach beyond them.
        assertThat(late).isLessThan(3 * early);
    }

    private static String randomName(int seed) {
        StringBuilder name = new StringBuilder(CLICK_BYTES);
        new java.util.Random(seed).ints(CLICK_BYTES, 'a', 'z' + 1).forEach(letter -> name.append((char) letter));
        return name.toString();
    }

    private static long read() {
        return GlobalStorageStatistics.INSTANCE.get("file").getLong("bytesRead");
    }
}
