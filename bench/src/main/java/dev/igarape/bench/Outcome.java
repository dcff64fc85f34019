package dev.igarape.bench;

import java.util.List;

/**
 * A duel's rounds, in order.
 *
 * @param ours seconds of each round
 * @param rival likewise
 */
record Outcome(Duel duel, List<Double> ours, List<Double> rival) {
    Outcome {
        ours = List.copyOf(ours);
        rival = List.copyOf(rival);
    }

    /** How many times longer the rival took, by round. */
    Spread ratio() {
        return Spread.of(java.util.stream.IntStream.range(0, ours.size())
                .mapToObj(round -> rival.get(round) / ours.get(round))
                .toList());
    }

    boolean kept() {
        return ratio().median() >= duel.wanted();
    }
}
