package dev.igarape.jobs.ops;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.TableName;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedIntervals;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the lake says of a date that is built by intervals. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class IntervalRowsTest {
    @Test
    void aDateHasTheRowsOfAllItsIntervalsAndThePlanSaysHowManyAreTouched(LocalLake local) throws Exception {
        ClicksLake clicks = new ClicksLake(local);
        Lake lake = clicks.open(NOON);
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "bia", "10:07:00");
        assertThat(intervals(lake, WINDOWS)).isEqualTo(new PlannedIntervals(288, Optional.empty()));
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "ana", "10:06:59");
        clicks.send(ClicksLake.event("caio", "10:14:59", 1), ClicksLake.event("caio", "10:15:00", 1));
        clicks.land(lake);
        assertThat(intervals(lake, WINDOWS)).isEqualTo(new PlannedIntervals(288, Optional.of(3)));
        assertThat(intervals(lake, QUARTERS)).isEqualTo(new PlannedIntervals(96, Optional.empty()));
        assertThat(new FreshnessRows(lake).of(List.of(WINDOWS)).get(WINDOWS))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get("status")).isEqualTo("stale");
                    assertThat(row.get("intervals")).isEqualTo(288);
                    assertThat(row.get("stale_intervals")).isEqualTo(3);
                });
        clicks.build(lake, WINDOWS);

        assertThat(intervals(lake, WINDOWS)).isEqualTo(new PlannedIntervals(288, Optional.empty()));
        assertThat(intervals(lake, QUARTERS)).isEqualTo(new PlannedIntervals(96, Optional.of(2)));
        assertThat(new FreshnessRows(lake).of(List.of(WINDOWS)).get(WINDOWS))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get("date")).isEqualTo(DATE);
                    assertThat(row.get("status")).isEqualTo("fresh");
                    assertThat(row.get("rows")).isEqualTo(5L);
                    assertThat(row.get("sequence")).isEqualTo(2L);
                });
    }

    private static PlannedIntervals intervals(Lake lake, TableName table) throws Exception {
        return new Planner(lake)
                .plan(List.of(WINDOWS, QUARTERS)).stream()
                        .filter(date -> date.table().equals(table))
                        .map(PlannedDate::intervals)
                        .findFirst()
                        .orElseThrow()
                        .orElseThrow();
    }
}
