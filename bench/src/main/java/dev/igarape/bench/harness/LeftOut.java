package dev.igarape.bench.harness;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Those that have failed, and are left out from there on.
 *
 * @param <T> what is measured
 */
public final class LeftOut<T> {
    private final Function<T, String> name;
    private final Predicate<T> ours;
    private final PrintStream progress;
    private final Map<T, Failure> failures = new LinkedHashMap<>();

    /**
     * @param ours whose failure ends the benchmark
     * @param progress is told of each that is left out
     */
    public LeftOut(Function<T, String> name, Predicate<T> ours, PrintStream progress) {
        this.name = name;
        this.ours = ours;
        this.progress = progress;
    }

    /**
     * Leaves one out from now on.
     *
     * @param thrown what it failed with
     * @throws Exception that, if the one is ours
     */
    public void add(T failed, String when, Exception thrown) throws Exception {
        if (ours.test(failed) || thrown instanceof InterruptedException) {
            throw thrown;
        }
        Failure failure = Failure.of(when, thrown);
        failures.put(failed, failure);
        progress.printf("%-9s  %-40s left out from here on: %s%n", when, name.apply(failed), failure.reason());
    }

    public Optional<Failure> failure(T one) {
        return Optional.ofNullable(failures.get(one));
    }

    /** Of all, by name. */
    public Map<String, Failure> failures() {
        Map<String, Failure> byName = new LinkedHashMap<>();
        failures.forEach((failed, failure) -> byName.put(name.apply(failed), failure));
        return byName;
    }
}
