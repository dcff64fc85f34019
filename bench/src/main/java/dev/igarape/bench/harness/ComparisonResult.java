package dev.igarape.bench.harness;

import java.util.List;

/**
 * The times of a comparison, round by round.
 *
 * @param ours seconds of each round
 * @param baseline likewise
 */
public record ComparisonResult(Comparison comparison, List<Double> ours, List<Double> baseline) {
    public ComparisonResult {
        ours = List.copyOf(ours);
        baseline = List.copyOf(baseline);
    }

    /** The baseline's time by ours, over the rounds. */
    Stats ratio() {
        return Stats.of(java.util.stream.IntStream.range(0, ours.size())
                .mapToObj(round -> baseline.get(round) / ours.get(round))
                .toList());
    }

    /** Whether the median of the ratio reaches the target. */
    boolean passed() {
        return ratio().median() >= comparison.target();
    }
}
