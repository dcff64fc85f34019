package dev.igarape.bench.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.bench.harness.Result;
import dev.igarape.bench.harness.Stats;
import dev.igarape.bench.stream.EngineResults;
import dev.igarape.bench.stream.Load;
import dev.igarape.bench.stream.Measured;
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

/** The report of {@code live}: what was measured of each engine, and which goals are met by the medians of the rounds. */
public record LiveReport(Map<String, String> machine, Load load, EngineResults results) implements Result {
    public static final String OURS = "live-service";
    public static final String RIVAL = "structured-streaming";

    private static final double SECONDS_P99 = 2;
    private static final double SHARE_OF_RIVAL = 0.2;
    private static final double IDLE = 0.03;

    public LiveReport {
        machine = new TreeMap<>(machine);
    }

    private record Goal(String name, String found, boolean met) {}

    @Override
    public void print(PrintStream out) {
        out.printf(Locale.ROOT, "live: %s%n%s%n%n", work(), machine);
        out.println(
                "| engine | events | late | doubled | lost | surplus | p50, s | p99, s | CPU, ms an event | idle, % of a core |");
        out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Measured result : results.measured()) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %,d | %,d | %,d | %.2f | %.2f | %.3f | %.2f |%n",
                    result.engine(),
                    result.clicks(),
                    result.late(),
                    result.doubled(),
                    result.difference().missing(),
                    result.difference().surplus(),
                    result.delays().percentile(50),
                    result.delays().percentile(99),
                    result.cpuMillis(),
                    result.idleShare() * 100);
        }
        out.println();
        out.println("| goal | found | |");
        out.println("|---|---|---|");
        goals().forEach(goal ->
                out.printf("| %s | %s | %s |%n", goal.name(), goal.found(), goal.met() ? "met" : "MISSED"));
        results.printFailures(out);
    }

    private String work() {
        return "from the API's answer to visible in Trino, %,d events a second for %d s after %d s of warm-up"
                .formatted(load.rate(), load.length().toSeconds(), load.warmUp().toSeconds());
    }

    private List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        of(OURS, result -> result.difference().missing() + result.difference().surplus())
                .ifPresent(wrong -> goals.add(goal("rows as in truth", wrong.max(), 0, wrong.max() == 0)));
        Optional<Stats> p99 = of(OURS, result -> result.delays().percentile(99));
        p99.ifPresent(ours -> goals.add(goal("p99, s", ours.median(), SECONDS_P99)));
        compare(goals, "p99 by the rival's", result -> result.delays().percentile(99), SHARE_OF_RIVAL);
        compare(goals, "CPU per event by the rival's", Measured::cpuMillis, 1);
        of(OURS, Measured::idleShare)
                .ifPresent(idle ->
                        goals.add(goal("CPU while nothing comes, % of a core", idle.median() * 100, IDLE * 100)));
        return goals;
    }

    private void compare(List<Goal> goals, String name, ToDoubleFunction<Measured> value, double most) {
        Optional<Stats> ours = of(OURS, value);
        Optional<Stats> rival = of(RIVAL, value);
        if (ours.isPresent() && rival.isPresent()) {
            goals.add(goal(name, ours.get().median() / rival.get().median(), most));
        }
    }

    private static Goal goal(String name, double found, double most) {
        return goal(name, found, most, found <= most);
    }

    private static Goal goal(String name, double found, double most, boolean met) {
        return new Goal(name, String.format(Locale.ROOT, "%.2f, at most %.2f", found, most), met);
    }

    private Optional<Stats> of(String engine, ToDoubleFunction<Measured> value) {
        List<Double> values = results.measured().stream()
                .filter(result -> result.engine().equals(engine))
                .map(value::applyAsDouble)
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Stats.of(values));
    }

    /**
     * An engine has to be left that was measured, and ours has to have the rows of the truth; the rival's losses are what is
     * measured of it.
     */
    @Override
    public boolean correct() {
        return !results.measured().isEmpty()
                && results.measured().stream()
                        .filter(result -> result.engine().equals(OURS))
                        .allMatch(result -> result.difference().none());
    }

    @Override
    public String json() throws JsonProcessingException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("bench", "live");
        report.put("work", work());
        report.put("machine", machine);
        report.put("engines", results.measured().stream().map(Measured::report).toList());
        report.put("failures", results.failures());
        report.put("goals", goals());
        return Json.mapper().writeValueAsString(report);
    }
}
