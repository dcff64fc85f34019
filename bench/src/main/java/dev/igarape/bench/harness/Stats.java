package dev.igarape.bench.harness;

import java.util.List;

/** Median, minimum and maximum of measurements. */
public record Stats(double median, double min, double max) {
    /** @throws IllegalArgumentException for none */
    public static Stats of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Stats(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
