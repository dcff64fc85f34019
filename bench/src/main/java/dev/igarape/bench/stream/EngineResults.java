package dev.igarape.bench.stream;

import dev.igarape.bench.harness.Failure;
import java.io.PrintStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of engines.
 *
 * @param measured of those that have not failed
 * @param failures of the others, by engine
 */
public record EngineResults(List<Measured> measured, Map<String, Failure> failures) {
    public EngineResults {
        measured = List.copyOf(measured);
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    /** Says of each engine that has failed when and why. */
    public void printFailures(PrintStream out) {
        failures.forEach((engine, failure) -> out.printf("%n%s %s%n", engine, failure));
    }
}
