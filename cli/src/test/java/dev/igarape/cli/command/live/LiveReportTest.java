package dev.igarape.cli.command.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.job.LiveStatus.Failure;
import dev.igarape.model.job.LiveStatus.Rows;
import dev.igarape.model.job.LiveStatus.RunStatus;
import dev.igarape.model.job.LiveStatus.State;
import dev.igarape.model.job.LiveStatus.StepMillis;
import dev.igarape.model.job.LiveStatus.StepStatus;
import dev.igarape.model.job.LiveStatus.TableStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LiveReportTest {
    private static final Instant SINCE = Instant.parse("2024-01-01T10:00:00Z");
    private static final Instant NOW = SINCE.plusSeconds(3_725);

    @Test
    void showsALineForEachTableAndTheFailuresBelow() {
        TableStatus raw = new TableStatus(
                TableName.parse("raw.clicks"),
                State.IDLE,
                12,
                new Rows(2400, 2390, 10),
                600,
                10.04,
                Optional.of(new StepMillis(412.6, 380.2, 911.9)),
                Optional.of(7L),
                Optional.of(0.44),
                12,
                Optional.of(NOW),
                Optional.empty());
        TableStatus trusted = new TableStatus(
                TableName.parse("trusted.clicks"),
                State.BACKING_OFF,
                0,
                Rows.NONE,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                3,
                Optional.empty(),
                Optional.of(new Failure("Cannot build it.", 5, NOW.minusSeconds(2), NOW.plusSeconds(6))));
        LiveStatus status = new LiveStatus("live-1", 17, SINCE, true, 1000, 3600, List.of(raw, trusted));

        assertThat(printed(status))
                .containsExactly(
                        "live for 1 h 2 min, every 1 s, 3,600 turns",
                        "table                 state             rows   rows/s  last min   steps  step ms     p50     p99     lag   age s  commit",
                        "raw.clicks            idle              2390     10.0       600      12      413     380     912       7     0.4      12",
                        "trusted.clicks        backing off          0      0.0         0       0        -       -       -       -       -       3",
                        "trusted.clicks failed 2 s ago (exit code 5), again in 6 s: Cannot build it.");
    }

    @Test
    void saysThatItIsStillStarting() {
        LiveStatus status = new LiveStatus("live-1", 17, SINCE, false, 500, 0, List.of());
        assertThat(printed(status).get(0)).isEqualTo("live for 1 h 2 min, every 500 ms, 0 turns, starting");
    }

    @Test
    void tellsOfAStepOnlyWhereItHangs() {
        LiveStatus status = new LiveStatus("live-1", 17, SINCE, true, 500, 1, List.of());
        TableName table = TableName.parse("gold.pages");
        assertThat(printed(status.at(new StepStatus(table, 899, false)))).isEqualTo(printed(status));
        assertThat(printed(status.at(new StepStatus(table, 961, true))))
                .last()
                .asString()
                .startsWith("gold.pages has been at one step for 16 min 1 s")
                .contains("./lake logs live", "./lake live stop");
    }

    @Test
    void tellsOfRunsThatAreUnderWay() {
        LiveStatus status = new LiveStatus("live-1", 17, SINCE, true, 500, 1, List.of())
                .with(List.of(
                        new RunStatus("run --tables raw.clicks", NOW.minusSeconds(61), false),
                        new RunStatus("plan --tables gold.pages", NOW.minusSeconds(2), true)));
        assertThat(printed(status))
                .endsWith(
                        "run for 1 min 1 s: run --tables raw.clicks",
                        "run for 2 s, cancelled: plan --tables gold.pages");
    }

    @Test
    void timesHaveTwoUnits() {
        assertThat(LiveReport.span(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(LiveReport.span(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
        assertThat(LiveReport.span(Duration.ofHours(50))).isEqualTo("2 d 2 h");
    }

    private static List<String> printed(LiveStatus status) {
        StringWriter text = new StringWriter();
        new LiveReport(status).print(new PrintWriter(text), NOW);
        return text.toString().lines().toList();
    }
}
