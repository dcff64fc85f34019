package dev.igarape.jobs.quarantine;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.replay.Replay;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.Expectation;
import dev.igarape.model.job.QuarantineCount;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Quarantined rows of a table that is built by intervals. */
final class IntervalQuarantineTest extends ClicksTestBase {
    @Test
    void anIntervalThatIsComputedAgainReplacesItsQuarantinedRows() throws Exception {
        Lake lake = atMost(5);
        clicks.click(lake, "ana", "10:00:30", 9);
        clicks.click(lake, "bia", "10:07:00", 9);
        clicks.click(lake, "caio", "10:20:00");
        clicks.build(lake, WINDOWS);
        assertThat(refused(lake)).containsExactly("10:00 ana", "10:07 bia");
        assertThat(counts(lake)).extracting(QuarantineCount::rows).containsExactly(2L);

        clicks.click(lake, "ana", "10:00:31", -5);
        clicks.build(lake, WINDOWS);

        assertThat(refused(lake)).containsExactly("10:07 bia");
        assertThat(counts(lake)).extracting(QuarantineCount::rows).containsExactly(1L);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 4", "10:20 caio 1");
        assertThat(clicks.build(lake, WINDOWS)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void replayAcceptsRowsOnceTheExpectationDoes() throws Exception {
        Lake lake = atMost(5);
        clicks.click(lake, "ana", "10:00:30", 9);
        clicks.click(lake, "bia", "10:07:00", 99);
        clicks.build(lake, WINDOWS);
        assertThat(replay(lake)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);

        Lake lenient = atMost(50);
        assertThat(replay(lenient)).extracting(TableRun::outcome).containsExactly(TableRun.Outcome.COMMITTED);

        assertThat(clicks.shown(lenient, WINDOWS)).containsExactly("10:00 ana 9");
        assertThat(refused(lenient)).containsExactly("10:07 bia");
        assertThat(counts(lenient))
                .singleElement()
                .satisfies(count -> assertThat(count.date()).isEqualTo(DATE));
    }

    private Lake atMost(int count) throws Exception {
        Expectation few = new Expectation("few", "clicks <= " + count, Expectation.Action.QUARANTINE);
        return clicks.open(NOON, Step.Listener.NONE, ClicksLake.windows("forever", few));
    }

    private static List<QuarantineCount> counts(Lake lake) throws Exception {
        return new Quarantine(lake).counts(lake.table(WINDOWS));
    }

    /** Minute and user of what is shown of the quarantine. */
    private static List<String> refused(Lake lake) throws Exception {
        return new Quarantine(lake)
                .rows(lake.table(WINDOWS), new Quarantine.Filter(Optional.of(DATE), Optional.empty(), 10)).stream()
                        .map(row -> row.get("row").toString())
                        .map(row -> row.replaceAll(".*T(\\d\\d:\\d\\d).*\"user\":\"(\\w+)\".*", "$1 $2"))
                        .sorted()
                        .toList();
    }

    private static List<TableRun> replay(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Replay(lake, publisher, local::spark).run(lake.table(WINDOWS));
        }
    }
}
