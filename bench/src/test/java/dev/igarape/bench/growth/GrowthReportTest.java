package dev.igarape.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class GrowthReportTest {
    /** A step takes as many tenths of a second as there are thousands of clicks, and reads as many megabytes. */
    private static List<GrowthStep> steps() {
        return LongStream.rangeClosed(1, 20)
                .mapToObj(step -> new GrowthStep(1_000 * step, step / 10.0, 1_000_000 * step))
                .toList();
    }

    private static GrowthReport report(long difference) {
        return new GrowthReport(
                Map.of("cores", "2"),
                Optional.of(new GrowthReport.Day(steps(), difference)),
                List.of(
                        new GrowthReport.Dates(10, steps().subList(0, 1), 0),
                        new GrowthReport.Dates(10_000, steps(), 0)));
    }

    @Test
    void printsMediansOfTheTenthsOfADayAndOfDates() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report(0).print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("| clicks of the day | step, s | read in a step, MB |")
                .contains("| 2,000 | 0.15 | 1.50 |")
                .contains("| 20,000 | 1.95 | 19.50 |")
                .contains("The last by the first: 13.00 in time, 13.00 in bytes. Clicks lost or surplus: 0.")
                .contains("| 10 | 0.10 | 1.00 |")
                .contains("| 10,000 | 1.05 | 10.50 |");
    }

    @Test
    void noTimeCountsWhereClicksAreLostOrTooMany() {
        assertThat(report(0).correct()).isTrue();
        assertThat(report(1).correct()).isFalse();
    }
}
