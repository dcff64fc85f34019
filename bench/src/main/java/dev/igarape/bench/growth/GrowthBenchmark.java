package dev.igarape.bench.growth;

import dev.igarape.bench.growth.GrowthReport.Dates;
import dev.igarape.bench.growth.GrowthReport.Day;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.Click;
import dev.igarape.bench.stream.ClickGenerator;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Measures steps of the live service while a day gets its clicks, and while tables have more and more dates.
 *
 * <p>The day is today, which is not over, so that its tables are built by intervals. Its clicks come as fast as they are
 * built, from its first minute to its last; the moment at which they are built decides nothing.
 *
 * @param project the manifest that is shipped
 * @param folder gets configuration files
 */
public record GrowthBenchmark(
        SparkSession spark, ScratchTarget scratch, Path project, Path folder, PrintStream progress) {
    private static final long SEED = 13;
    private static final Duration A_DAY = Duration.ofDays(1);
    /** Steps of the day: each has the clicks of a quarter of an hour or so. */
    static final int STEPS = 100;

    private static final List<Integer> DATES = List.of(10, 100, 1_000, 10_000);
    private static final int STEPS_OF_DATES = 20;
    private static final int WARM_UP = 3;
    private static final int CLICKS_OF_DATES = 1_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The parts, as {@code --only} names them. */
    private enum Part {
        DAY,
        DATES
    }

    /**
     * Measures both parts, or the one that is named.
     *
     * @param rows clicks of the day
     * @throws LakeException USAGE for a part that there is not
     */
    public GrowthReport run(Map<String, String> machine, long rows, Optional<String> only) throws Exception {
        Set<Part> parts =
                only.map(GrowthBenchmark::part).map(Collections::singleton).orElseGet(() -> EnumSet.allOf(Part.class));
        return new GrowthReport(
                machine,
                parts.contains(Part.DAY) ? Optional.of(day(rows)) : Optional.empty(),
                parts.contains(Part.DATES) ? dates() : List.of());
    }

    private static Part part(String name) {
        return Arrays.stream(Part.values())
                .filter(part -> part.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new LakeException(ExitCode.USAGE, "growth has no part " + name + ". There are: day, dates."));
    }

    /** Builds a day with so many clicks. */
    private Day day(long clicks) throws Exception {
        ClickGenerator generator = new ClickGenerator(SEED);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Duration length = A_DAY.dividedBy(STEPS);
        List<GrowthStep> steps = new ArrayList<>();
        try (GrowingLake lake = GrowingLake.open(spark, scratch, project, folder, 0)) {
            for (int step = 1; step <= STEPS; step++) {
                Instant now = today.atStartOfDay(ZoneOffset.UTC).toInstant().plus(length.multipliedBy(step));
                List<Click> next = generator.next(now, length, (int) (clicks / STEPS));
                steps.add(lake.step(next));
                tell("day", steps);
            }
            return new Day(steps, lake.difference(LocalDate.EPOCH));
        }
    }

    /** Builds some seconds of today in tables with few dates and with many. */
    private List<Dates> dates() throws Exception {
        List<Dates> results = new ArrayList<>();
        for (int dates : DATES) {
            ClickGenerator generator = new ClickGenerator(SEED);
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            Instant noon = today.atTime(12, 0).toInstant(ZoneOffset.UTC);
            List<GrowthStep> steps = new ArrayList<>();
            try (GrowingLake lake = GrowingLake.open(spark, scratch, project, folder, dates)) {
                for (int step = 1; step <= WARM_UP + STEPS_OF_DATES; step++) {
                    steps.add(lake.step(generator.next(noon.plusSeconds(step), SECOND, CLICKS_OF_DATES)));
                    tell("%,d dates".formatted(dates), steps);
                }
                results.add(
                        new Dates(dates, steps.subList(WARM_UP, steps.size()), lake.difference(today.minusDays(2))));
            }
        }
        return results;
    }

    private void tell(String part, List<GrowthStep> steps) {
        GrowthStep last = steps.get(steps.size() - 1);
        progress.printf(
                "%s: step %d, %,d clicks: %.2f s, %,d bytes read%n",
                part, steps.size(), last.rows(), last.seconds(), last.bytesRead());
    }
}
