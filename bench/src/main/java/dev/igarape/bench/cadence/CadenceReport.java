package dev.igarape.bench.cadence;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.bench.harness.Result;
import dev.igarape.bench.stream.EngineResults;
import dev.igarape.bench.stream.Load;
import dev.igarape.bench.stream.Measured;
import dev.igarape.model.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The report of {@code cadence}: a table as it can stand in the documentation. */
public record CadenceReport(Map<String, String> machine, Load load, EngineResults results) implements Result {
    /** From milliseconds an event to seconds a million events. */
    private static final double PER_MILLION = 1_000;

    public CadenceReport {
        machine = new TreeMap<>(machine);
    }

    @Override
    public void print(PrintStream out) {
        out.printf(Locale.ROOT, "cadence: %s%n%s%n%n", work(), machine);
        out.println(
                "| cadence | events | lost | surplus | commits | CPU, s a million events | age p50, s | age p99, s |");
        out.println("|---|---|---|---|---|---|---|---|");
        for (Measured result : results.measured()) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %,d | %,d | %,.0f | %.1f | %.1f |%n",
                    result.engine(),
                    result.clicks(),
                    result.difference().missing(),
                    result.difference().surplus(),
                    result.commits(),
                    result.cpuMillis() * PER_MILLION,
                    result.delays().percentile(50),
                    result.delays().percentile(99));
        }
        results.printFailures(out);
    }

    private String work() {
        return "raw.appclickstream, trusted.appclickstream and gold.clickstream_windows, %,d events a second for %d s"
                .formatted(load.rate(), load.length().toSeconds());
    }

    /** Every cadence has to come to the rows of the truth. */
    @Override
    public boolean correct() {
        return results.failures().isEmpty()
                && results.measured().stream()
                        .allMatch(result -> result.difference().none());
    }

    @Override
    public String json() throws JsonProcessingException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("bench", "cadence");
        report.put("work", work());
        report.put("machine", machine);
        report.put("cadences", results.measured().stream().map(Measured::report).toList());
        report.put("failures", results.failures());
        return Json.mapper().writeValueAsString(report);
    }
}
