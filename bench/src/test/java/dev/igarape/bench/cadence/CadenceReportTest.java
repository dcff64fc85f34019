package dev.igarape.bench.cadence;

import static org.assertj.core.api.Assertions.assertThat;

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
                Map.of("cores", "2"), Cadences.load(Optional.of(100), Optional.of(120)), List.of(measured));
    }

    @Test
    void printsARowOfADocumentationTable() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report(new Truth.Difference(0, 0)).print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("100 events a second for 120 s")
                .contains("| continuous | 12,000 | 0 | 0 | 42 | 250 | 2.0 | 30.0 |");
    }

    @Test
    void noTimeCountsWhereRowsAreLostOrTooMany() {
        assertThat(report(new Truth.Difference(0, 0)).correct()).isTrue();
        assertThat(report(new Truth.Difference(1, 0)).correct()).isFalse();
        assertThat(report(new Truth.Difference(0, 1)).correct()).isFalse();
    }
}
