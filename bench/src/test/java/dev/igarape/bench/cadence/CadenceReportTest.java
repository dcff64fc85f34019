package dev.igarape.bench.cadence;

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

final class CadenceReportTest {
    private static CadenceReport report(Truth.Difference difference) {
        return report(difference, Map.of());
    }

    private static CadenceReport report(Truth.Difference difference, Map<String, Failure> failures) {
        Measured measured = new Measured(
                "continuous",
                12_000,
                180,
                60,
                difference,
                new Visibility.Delays(List.of(1.0, 2.0, 30.0), 0),
                0.25,
                Double.NaN,
                42,
                100,
                0);
        return new CadenceReport(
                Map.of("cores", "2"),
                Cadences.load(Optional.of(100), Optional.of(120)),
                new EngineResults(List.of(measured), failures));
    }

    private static String printed(CadenceReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsARowOfADocumentationTable() {
        assertThat(printed(report(new Truth.Difference(0, 0))))
                .contains("100 events a second for 120 s")
                .contains("| continuous | 12,000 | 0 | 0 | 42 | 250 | 2.0 | 30.0 |");
    }

    @Test
    void noTimeCountsWhereRowsAreLostOrTooMany() {
        assertThat(report(new Truth.Difference(0, 0)).correct()).isTrue();
        assertThat(report(new Truth.Difference(1, 0)).correct()).isFalse();
        assertThat(report(new Truth.Difference(0, 1)).correct()).isFalse();
    }

    @Test
    void aCadenceThatFailedIsNamedAndHasNoRows() {
        CadenceReport report = report(
                new Truth.Difference(0, 0),
                Map.of("every 30 s", new Failure("round 1", "java.io.IOException: it ended")));
        assertThat(report.correct()).isFalse();
        assertThat(printed(report))
                .contains("| continuous | 12,000 |")
                .contains("every 30 s failed in round 1: java.io.IOException: it ended");
    }
}
