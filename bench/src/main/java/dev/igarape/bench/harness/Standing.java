package dev.igarape.bench.harness;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The comparisons that still stand: those whose baseline has not failed. */
final class Standing {
    private final List<Comparison> all;
    private final LeftOut<Candidate> leftOut;

    /** @param progress is told of each baseline that is left out */
    Standing(List<Comparison> all, PrintStream progress) {
        this.all = List.copyOf(all);
        this.leftOut = new LeftOut<>(Candidate::name, this::isOurs, progress);
    }

    List<Comparison> comparisons() {
        return all.stream().filter(comparison -> failure(comparison).isEmpty()).toList();
    }

    /** Those that are compared: none of ours whose baselines have all failed. */
    List<Candidate> candidates() {
        return comparisons().stream()
                .flatMap(comparison -> Stream.of(comparison.ours(), comparison.baseline()))
                .distinct()
                .toList();
    }

    /**
     * Leaves a baseline out from now on.
     *
     * @param thrown what it failed with
     * @throws Exception that, if the candidate is ours
     */
    void leaveOut(Candidate candidate, String when, Exception thrown) throws Exception {
        leftOut.add(candidate, when, thrown);
    }

    private boolean isOurs(Candidate candidate) {
        return all.stream().anyMatch(comparison -> comparison.ours().equals(candidate));
    }

    Optional<Failure> failure(Comparison comparison) {
        return leftOut.failure(comparison.baseline());
    }
}
