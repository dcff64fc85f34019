package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A table with intervals whose times are local, {@code timestamp_ntz}, in São Paulo when it still changed its clocks. */
final class LocalTimesTest extends ClicksTestBase {
    private static final ZoneId SAO_PAULO = ZoneId.of("America/Sao_Paulo");
    private static final LocalDate TWO_ELEVEN_O_CLOCKS = LocalDate.parse("2018-02-17");
    private static final LocalDate NEXT = TWO_ELEVEN_O_CLOCKS.plusDays(1);
    private static final Table LOCAL = ClicksLake.windowsOf("""
            SELECT CAST(w.start AS TIMESTAMP_NTZ) AS started, user, sum(n) AS clicks
            FROM (
              SELECT e.user, e.n, window(timestamp_millis(e.at), '1 minute') AS w
              FROM (SELECT from_json(value, 'user string, at bigint, n bigint') AS e FROM raw.clicks)
            )
            GROUP BY w, user
            """, Optional.of(Duration.ofMinutes(5)));

    private Lake step(String user, String time) throws Exception {
        Lake lake = clicks.openIn(SAO_PAULO, "2018-02-17T15:00:00Z", LOCAL);
        clicks.send(ClicksLake.event(NEXT, user, time, 1));
        clicks.land(lake);
        return lake;
    }

    @Test
    void theHourThatComesTwiceIsOneHour() throws Exception {
        clicks.build(step("ana", "01:30:00"), List.of(TWO_ELEVEN_O_CLOCKS), WINDOWS, QUARTERS);
        Lake lake = step("bia", "02:30:00");
        clicks.build(lake, List.of(TWO_ELEVEN_O_CLOCKS), WINDOWS, QUARTERS);

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("23:30 ana 1", "23:30 bia 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("23:30 2");
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        assertThat(BuiltInKinds.ALL.of(LOCAL).verify(context, LOCAL, TWO_ELEVEN_O_CLOCKS))
                .isEmpty();
    }

    @Test
    void otherDatesAreComputedByIntervals() throws Exception {
        clicks.build(step("ana", "03:30:00"), List.of(NEXT), WINDOWS, QUARTERS);
        Lake lake = step("bia", "04:30:00");
        clicks.build(lake, List.of(NEXT), WINDOWS, QUARTERS);

        assertThat(lake.ledger(WINDOWS).commit(2).partitions()).hasSize(1);
        assertThat(lake.ledger(QUARTERS).commit(2).partitions()).hasSize(1);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("00:30 ana 1", "01:30 bia 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("00:30 1", "01:30 1");
    }

    /** Its second 23:55 is read as the first one, an hour before the lookback begins. */
    @Test
    void aLookbackReachesIntoTheHourThatComesTwice() throws Exception {
        Table table = new Table(
                WINDOWS,
                "",
                LOCAL.definition(),
                Map.of(),
                List.of(new Input(ClicksLake.RAW, 0, Optional.of(Duration.ofMinutes(10)))),
                List.of(),
                "forever",
                "lookback");
        Lake lake = clicks.openIn(SAO_PAULO, "2018-02-18T15:00:00Z", table);
        clicks.send(ClicksLake.event(NEXT, "ana", "02:55:00", 1), ClicksLake.event(NEXT, "bia", "03:30:00", 1));
        clicks.land(lake);
        clicks.build(lake, List.of(NEXT), WINDOWS);

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("00:30 bia 1");
    }
}
