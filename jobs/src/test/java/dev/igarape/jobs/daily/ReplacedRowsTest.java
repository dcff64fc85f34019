package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import org.junit.jupiter.api.Test;

/** Rows that an input no longer has after it was built again. */
final class ReplacedRowsTest extends ClicksTestBase {
    @Test
    void rowsThatALongIntervalHasLostAreGoneFromTheShorterOnesBuiltFromIt() throws Exception {
        Lake lake = clicks.open(NOON, Step.Listener.NONE, ClicksLake.hourlyWindows());
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "bia", "10:40:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 1", "10:30 1");

        clicks.click(lake, "bia", "10:40:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 1");
    }
}
