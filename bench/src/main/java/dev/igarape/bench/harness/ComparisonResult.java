package dev.igarape.bench.harness;

import java.util.List;

/**
 * A duel's rounds, in order.
 *
 * @param ours seconds of each round
 * @param rival likewise
 */
public record ComparisonResult(Comparison duel, List<Double> ours, List<Double> rival) {
    public ComparisonResult {
        ours = List.copyOf(ours);
        rival = List.copyOf(rival);
    }

    /** How many times longer the rival took, by round. */
    Stats ratio() {
        return Stats.of(java.util.stream.IntStream.range(0, ours.size())
                .mapToObj(round -> rival.get(round) / ours.get(round))
                .toList());
    }

    boolean kept() {
        return ratio().median() >= duel.wanted();
    }
}
