package dev.igarape.bench.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A benchmark's result, for people or for programs. */
public record Report(String name, String work, Map<String, String> machine, List<ComparisonResult> outcomes) {
    public Report {
        machine = new TreeMap<>(machine);
        outcomes = List.copyOf(outcomes);
    }

    /** This machine and the versions that a measurement depends on. */
    public static Map<String, String> thisMachine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("java", System.getProperty("java.runtime.version"));
        machine.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
        return machine;
    }

    public void print(PrintStream out) {
        out.printf("%s: %s%n%s%n%n", name, work, machine);
        out.printf(
                "%-12s %-28s %10s %10s   %s%n",
                "case", "rival", "ours, s", "rival, s", "ratio, median (range), wanted");
        for (ComparisonResult outcome : outcomes) {
            Stats ratio = outcome.ratio();
            out.printf(
                    Locale.ROOT,
                    "%-12s %-28s %10.2f %10.2f   %.2f (%.2f to %.2f), %.2f: %s%n",
                    outcome.duel().name(),
                    outcome.duel().rival().name(),
                    Stats.of(outcome.ours()).median(),
                    Stats.of(outcome.rival()).median(),
                    ratio.median(),
                    ratio.least(),
                    ratio.most(),
                    outcome.duel().wanted(),
                    outcome.kept() ? "kept" : "NOT KEPT");
        }
    }

    /** One line of JSON. */
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
                        outcomes.stream()
                                .map(outcome -> Map.of(
                                        "case",
                                        outcome.duel().name(),
                                        "rival",
                                        outcome.duel().rival().name(),
                                        "ours_seconds",
                                        outcome.ours(),
                                        "rival_seconds",
                                        outcome.rival(),
                                        "ratio",
                                        outcome.ratio(),
                                        "wanted",
                                        outcome.duel().wanted(),
                                        "kept",
                                        outcome.kept()))
                                .toList()));
    }
}
