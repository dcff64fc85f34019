package dev.igarape.bench.harness;

import java.util.List;
import java.util.Optional;

/**
 * The times of a comparison, round by round.
 *
 * @param ours seconds of each round
 * @param baseline likewise
 * @param failure of the baseline; then there are no rounds to compare
 */
public record ComparisonResult(
        Comparison comparison, List<Double> ours, List<Double> baseline, Optional<Failure> failure) {
    public ComparisonResult {
        ours = List.copyOf(ours);
        baseline = List.copyOf(baseline);
    }

    /** The baseline's time by ours, over the rounds; of a baseline that has not failed. */
    Stats ratio() {
        return Stats.of(java.util.stream.IntStream.range(0, ours.size())
                .mapToObj(round -> baseline.get(round) / ours.get(round))
                .toList());
    }

    /** Whether the median of the ratio reaches the target; of a baseline that has not failed. */
    boolean passed() {
        return ratio().median() >= comparison.target();
    }
}
