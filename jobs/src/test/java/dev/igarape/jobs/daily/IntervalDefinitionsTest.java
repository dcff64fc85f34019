package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.junit.jupiter.api.Test;

/** A table with intervals whose definition changes while its date goes on, or is not what it says. */
final class IntervalDefinitionsTest extends ClicksTestBase {
    private static final String CLICKS =
            "SELECT e.user, e.n, e.at FROM (SELECT from_json(value, 'user string, at bigint, n bigint') AS e FROM"
                    + " raw.clicks)";
    private static final String BY_MINUTE =
            " FROM (" + CLICKS + ") GROUP BY user, window(timestamp_millis(at), '1 minute')";

    @Test
    void intervalsOfAnotherLengthTakeThePlaceOfThoseThatStand() throws Exception {
        Lake fives = clicks.open(NOON);
        clicks.click(fives, "ana", "10:00:30");
        clicks.click(fives, "bia", "10:07:00");
        clicks.build(fives, WINDOWS, QUARTERS);
        List<String> rows = clicks.shown(fives, WINDOWS);
        assertThat(rows).containsExactly("10:00 ana 1", "10:07 bia 1");

        Lake hours = clicks.open(NOON, Step.Listener.NONE, ClicksLake.hourlyWindows());
        assertThat(new Planner(hours).plan(List.of(WINDOWS)))
                .flatExtracting(PlannedDate::reasons)
                .containsExactly("its definition has changed");
        clicks.build(hours, WINDOWS, QUARTERS);
        assertThat(clicks.shown(hours, WINDOWS)).isEqualTo(rows);
        clicks.click(hours, "caio", "10:59:00");
        clicks.build(hours, WINDOWS, QUARTERS);
        assertThat(clicks.shown(hours, WINDOWS)).containsExactly("10:00 ana 1", "10:07 bia 1", "10:59 caio 1");
        assertThat(clicks.shown(hours, QUARTERS)).containsExactly("10:00 2", "10:45 1");

        clicks.build(fives, WINDOWS);
        clicks.click(fives, "dora", "10:06:00");
        clicks.build(fives, WINDOWS, QUARTERS);
        assertThat(clicks.shown(fives, WINDOWS))
                .containsExactly("10:00 ana 1", "10:06 dora 1", "10:07 bia 1", "10:59 caio 1");
        assertThat(lastIntervals(fives)).containsExactly("10:05");
        assertThat(clicks.shown(fives, QUARTERS)).containsExactly("10:00 3", "10:45 1");
    }

    @Test
    void aColumnThatIsAddedStandsInAllIntervals() throws Exception {
        Lake before = clicks.open(NOON);
        clicks.click(before, "ana", "10:00:30");
        clicks.click(before, "bia", "10:07:00");
        clicks.build(before, WINDOWS);

        Lake lake = open(
                "SELECT window.start AS started, user, sum(n) AS clicks, max(length(user)) AS letters" + BY_MINUTE);
        clicks.click(lake, "caio", "10:08:00");
        clicks.build(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1 3", "10:07 bia 1 3", "10:08 caio 1 4");
        assertThat(local.metastore()
                        .getTable(clicks.database(WINDOWS), WINDOWS.name())
                        .getSd()
                        .getCols())
                .extracting(FieldSchema::getName)
                .containsExactly("started", "user", "clicks", "letters");

        clicks.click(lake, "dora", "10:09:00");
        clicks.build(lake, WINDOWS);
        assertThat(lastIntervals(lake)).containsExactly("10:05");
        assertThat(clicks.shown(lake, WINDOWS)).hasSize(4).endsWith("10:09 dora 1 4");
    }

    /** The first build has the whole date, to which the rows belong; a step has the intervals of its clicks alone. */
    @Test
    void aStepWhoseRowsAreOfOtherIntervalsThanItsInputIsRefused() throws Exception {
        Lake lake = open("SELECT window.start + INTERVAL 1 HOUR AS started, user, sum(n) AS clicks" + BY_MINUTE);
        clicks.click(lake, "ana", "10:00:30");
        clicks.build(lake, WINDOWS);
        List<String> rows = clicks.shown(lake, WINDOWS);
        assertThat(rows).containsExactly("11:00 ana 1");

        clicks.click(lake, "bia", "10:07:00");
        assertThatThrownBy(() -> clicks.build(lake, WINDOWS))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContainingAll(
                        "1 row has a started", "outside of the time that was computed", "Mend the SQL");
        assertThat(clicks.shown(lake, WINDOWS)).isEqualTo(rows);
        assertThat(lake.ledger(WINDOWS).read().head()).isEqualTo(1);
    }

    @Test
    void verifyNamesAnIntervalThatDoesNotStandAlone() throws Exception {
        Lake lake =
                open("SELECT timestamp_millis(at) AS started, user, row_number() OVER (ORDER BY at) AS clicks FROM ("
                        + CLICKS + ")");
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "bia", "10:07:00");

        assertThat(verify(lake))
                .singleElement()
                .asString()
                .startsWith("interval 10:05 has 1 rows if the date is computed whole and 1 by itself")
                .contains("only the whole date has", "bia");
        assertThat(verify(clicks.open(NOON))).isEmpty();
    }

    private Lake open(String sql) throws IOException {
        Table windows = new Table(
                WINDOWS,
                "",
                new DailyDefinition(sql, Optional.of("started"), Optional.of(Duration.ofMinutes(5))),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "w" + sql.hashCode());
        return clicks.open(NOON, Step.Listener.NONE, windows);
    }

    private static List<String> verify(Lake lake) throws Exception {
        Table table = lake.table(WINDOWS);
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        return BuiltInKinds.ALL.of(table).verify(context, table, DATE);
    }

    /** The intervals that the last commit has written. */
    private static List<String> lastIntervals(Lake lake) throws IOException {
        return lake.ledger(WINDOWS).commit(lake.ledger(WINDOWS).read().head()).partitions().stream()
                .map(PartitionVersion::interval)
                .map(Optional::orElseThrow)
                .toList();
    }
}
