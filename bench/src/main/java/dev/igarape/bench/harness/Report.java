package dev.igarape.bench.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The report of a benchmark, as a table or as JSON. */
public record Report(String name, String work, Map<String, String> machine, List<ComparisonResult> results)
        implements Result {
    public Report {
        machine = new TreeMap<>(machine);
        results = List.copyOf(results);
    }

    /** The machine and the versions that measurements depend on. */
    public static Map<String, String> thisMachine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("java", System.getProperty("java.runtime.version"));
        machine.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
        return machine;
    }

    @Override
    public void print(PrintStream out) {
        out.printf("%s: %s%n%s%n%n", name, work, machine);
        out.printf(
                "%-12s %-28s %10s %11s   %s%n",
                "case", "baseline", "ours, s", "baseline, s", "ratio, median (range), target");
        for (ComparisonResult result : results) {
            out.printf(
                    "%-12s %-28s %s%n",
                    result.comparison().name(),
                    result.comparison().baseline().name(),
                    result.failure().map(Failure::toString).orElseGet(() -> figures(result)));
        }
    }

    private static String figures(ComparisonResult result) {
        Stats ratio = result.ratio();
        return String.format(
                Locale.ROOT,
                "%10.2f %11.2f   %.2f (%.2f to %.2f), %.2f: %s",
                Stats.of(result.ours()).median(),
                Stats.of(result.baseline()).median(),
                ratio.median(),
                ratio.min(),
                ratio.max(),
                result.comparison().target(),
                result.passed() ? "passed" : "FAILED");
    }

    @Override
    public String json() throws JsonProcessingException {
        return Json.mapper()
                .writeValueAsString(Map.of(
                        "bench",
                        name,
                        "work",
                        work,
                        "machine",
                        machine,
                        "cases",
                        results.stream().map(Report::values).toList()));
    }

    private static Map<String, Object> values(ComparisonResult result) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("case", result.comparison().name());
        values.put("baseline", result.comparison().baseline().name());
        if (result.failure().isPresent()) {
            values.put("failure", result.failure().get());
            return values;
        }
        values.put("ours_seconds", result.ours());
        values.put("baseline_seconds", result.baseline());
        values.put("ratio", result.ratio());
        values.put("target", result.comparison().target());
        values.put("passed", result.passed());
        return values;
    }
}
