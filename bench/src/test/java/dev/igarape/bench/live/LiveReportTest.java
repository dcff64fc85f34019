package dev.igarape.bench.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.bench.harness.Failure;
import dev.igarape.bench.stream.EngineResults;
import dev.igarape.bench.stream.Measured;
import dev.igarape.bench.stream.Truth;
import dev.igarape.bench.stream.Visibility;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LiveReportTest {
    private static Measured measured(String engine, long lost, double p99, double cpu) {
        return new Measured(
                engine,
                1_000,
                20,
                5,
                new Truth.Difference(lost, 0),
                new Visibility.Delays(List.of(p99), 0),
                cpu,
                0.01,
                0,
                10,
                0);
    }

    private static LiveReport report(Measured... results) {
        return report(new EngineResults(List.of(results), Map.of()));
    }

    private static LiveReport report(EngineResults results) {
        return new LiveReport(Map.of(), LiveLoad.of(Optional.empty(), Optional.empty()), results);
    }

    private static String printed(LiveReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void goalsAreMetAgainstTheRival() {
        LiveReport report = report(measured(LiveReport.OURS, 0, 1.5, 0.5), measured(LiveReport.RIVAL, 15, 17.5, 0.6));
        assertThat(report.correct()).isTrue();
        assertThat(printed(report))
                .contains("| p99, s | 1.50, at most 2.00 | met |")
                .contains("| p99 by the rival's | 0.09, at most 0.20 | met |")
                .contains("| CPU per event by the rival's | 0.83, at most 1.00 | met |")
                .contains("| CPU while nothing comes, % of a core | 1.00, at most 3.00 | met |")
                .doesNotContain("MISSED");
    }

    @Test
    void aLostRowOfOursMissesTheGoal() {
        LiveReport report = report(measured(LiveReport.OURS, 1, 2.5, 0.5), measured(LiveReport.RIVAL, 0, 10, 0.4));
        assertThat(report.correct()).isFalse();
        assertThat(printed(report))
                .contains("| rows as in truth | 1.00, at most 0.00 | MISSED |")
                .contains("| p99, s | 2.50, at most 2.00 | MISSED |")
                .contains("| p99 by the rival's | 0.25, at most 0.20 | MISSED |")
                .contains("| CPU per event by the rival's | 1.25, at most 1.00 | MISSED |");
    }

    @Test
    void theMedianOfTheRoundsDecides() {
        assertThat(printed(report(
                        measured(LiveReport.OURS, 0, 1, 0.5),
                        measured(LiveReport.OURS, 0, 1.75, 0.5),
                        measured(LiveReport.OURS, 0, 9, 0.5))))
                .contains("| p99, s | 1.75, at most 2.00 | met |");
    }

    @Test
    void aRivalThatFailedIsNamedAndNotComparedWith() throws Exception {
        LiveReport report = report(new EngineResults(
                List.of(measured(LiveReport.OURS, 0, 1, 0.5)),
                Map.of(LiveReport.RIVAL, new Failure("round 1", "java.io.IOException: it ended"))));
        assertThat(report.correct()).isTrue();
        assertThat(printed(report))
                .contains("structured-streaming failed in round 1: java.io.IOException: it ended")
                .contains("| p99, s | 1.00, at most 2.00 | met |")
                .doesNotContain("rival's");
        assertThat(report.json())
                .contains(
                        "\"failures\":{\"structured-streaming\":{\"when\":\"round 1\",\"reason\":\"java.io.IOException");
    }

    @Test
    void whereTheOnlyEngineFailedNothingIsMeasured() {
        LiveReport report = report(new EngineResults(
                List.of(), Map.of(LiveReport.RIVAL, new Failure("warm-up", "java.io.IOException: it ended"))));
        assertThat(report.correct()).isFalse();
        assertThat(printed(report)).contains("structured-streaming failed in warm-up: java.io.IOException: it ended");
    }

    @Test
    void withoutTheRivalNothingIsCompared() {
        assertThat(printed(report(measured(LiveReport.OURS, 0, 1, 0.5)))).doesNotContain("rival");
    }
}
