package dev.igarape.bench.growth;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.bench.harness.Result;
import dev.igarape.bench.harness.Stats;
import dev.igarape.model.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The report of {@code growth}: tables as they can stand in the documentation.
 *
 * @param day empty if it was not measured
 * @param dates none if they were not measured
 */
public record GrowthReport(Map<String, String> machine, Optional<Day> day, List<Dates> dates) implements Result {
    private static final int PARTS = 10;
    private static final double MEGABYTE = 1e6;

    /**
     * A day that got its clicks step by step.
     *
     * @param difference by how many clicks the rows differ from the truth
     */
    public record Day(List<GrowthStep> steps, long difference) {
        public Day {
            steps = List.copyOf(steps);
        }
    }

    /** Steps of tables that have so many dates. */
    public record Dates(int dates, List<GrowthStep> steps, long difference) {
        public Dates {
            steps = List.copyOf(steps);
        }
    }

    /** A row of a table: the medians of some steps. */
    private record Line(String name, double seconds, double megabytes) {
        static Line of(String name, List<GrowthStep> steps) {
            return new Line(
                    name, median(steps, GrowthStep::seconds), median(steps, step -> step.bytesRead() / MEGABYTE));
        }

        private static double median(List<GrowthStep> steps, ToDoubleFunction<GrowthStep> value) {
            return Stats.of(steps.stream().mapToDouble(value).boxed().toList()).median();
        }
    }

    public GrowthReport {
        machine = new TreeMap<>(machine);
        dates = List.copyOf(dates);
    }

    @Override
    public void print(PrintStream out) {
        out.printf("growth: steps of raw.appclickstream, trusted.appclickstream and gold.clickstream_windows%n");
        out.printf("%s%n%n", machine);
        day.ifPresent(measured -> print(out, "clicks of the day", lines(measured), measured.difference()));
        if (!dates.isEmpty()) {
            long difference = dates.stream().mapToLong(Dates::difference).sum();
            print(out, "dates", lines(dates), difference);
        }
    }

    private static void print(PrintStream out, String what, List<Line> lines, long difference) {
        out.printf("| %s | step, s | read in a step, MB |%n|---|---|---|%n", what);
        for (Line line : lines) {
            out.printf(Locale.ROOT, "| %s | %.2f | %.2f |%n", line.name(), line.seconds(), line.megabytes());
        }
        Line first = lines.get(0);
        Line last = lines.get(lines.size() - 1);
        out.printf(
                Locale.ROOT,
                "%nThe last by the first: %.2f in time, %.2f in bytes. Clicks lost or surplus: %,d.%n%n",
                last.seconds() / first.seconds(),
                last.megabytes() / first.megabytes(),
                difference);
    }

    private static List<Line> lines(Day day) {
        List<Line> lines = new ArrayList<>();
        int length = day.steps().size() / PARTS;
        for (int part = 0; part < PARTS; part++) {
            List<GrowthStep> steps = day.steps().subList(part * length, (part + 1) * length);
            lines.add(Line.of("%,d".formatted(steps.get(length - 1).rows()), steps));
        }
        return lines;
    }

    private static List<Line> lines(List<Dates> dates) {
        return dates.stream()
                .map(measured -> Line.of("%,d".formatted(measured.dates()), measured.steps()))
                .toList();
    }

    @Override
    public boolean correct() {
        return day.stream().allMatch(measured -> measured.difference() == 0)
                && dates.stream().allMatch(measured -> measured.difference() == 0);
    }

    @Override
    public String json() throws JsonProcessingException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("bench", "growth");
        report.put("machine", machine);
        report.put("day", day);
        report.put("dates", dates);
        return Json.mapper().writeValueAsString(report);
    }
}
