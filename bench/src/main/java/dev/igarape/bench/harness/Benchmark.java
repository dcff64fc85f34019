package dev.igarape.bench.harness;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A benchmark: rounds in which every candidate does the same work once. The order rotates from round to round, so that no
 * candidate profits from its place in it.
 */
public final class Benchmark {
    private final List<Comparison> comparisons;
    private final PrintStream progress;
    private final int first;

    public Benchmark(List<Comparison> comparisons, PrintStream progress) {
        this(comparisons, progress, 1);
    }

    private Benchmark(List<Comparison> comparisons, PrintStream progress, int first) {
        this.comparisons = List.copyOf(comparisons);
        this.progress = progress;
        this.first = first;
    }

    /** The same benchmark with a warm-up: a round 0 that is not counted. */
    public Benchmark warmUp() {
        return new Benchmark(comparisons, progress, 0);
    }

    /**
     * Runs the rounds.
     *
     * @throws LakeException (BUG) when the checksums of a comparison differ: then no time counts
     */
    public List<ComparisonResult> run(int rounds) throws Exception {
        Set<Candidate> candidates = new LinkedHashSet<>();
        comparisons.forEach(comparison -> candidates.addAll(List.of(comparison.ours(), comparison.baseline())));
        Map<Candidate, List<Double>> seconds = new LinkedHashMap<>();
        candidates.forEach(candidate -> seconds.put(candidate, new ArrayList<>()));
        for (int round = first; round <= rounds; round++) {
            Map<Candidate, Checksum> checksums = new LinkedHashMap<>();
            for (Candidate candidate : rotated(List.copyOf(candidates), round)) {
                long begin = System.nanoTime();
                candidate.run(round);
                double time = (System.nanoTime() - begin) / 1e9;
                checksums.put(candidate, candidate.checksum(round));
                if (round > 0) {
                    seconds.get(candidate).add(time);
                }
                progress.printf(
                        "%s  %-40s %8.2f s  %d rows%n",
                        round == 0 ? "warm-up " : "round " + round + " ",
                        candidate.name(),
                        time,
                        checksums.get(candidate).rows());
            }
            for (Comparison comparison : comparisons) {
                requireEqualChecksums(
                        comparison, checksums.get(comparison.ours()), checksums.get(comparison.baseline()), round);
            }
        }
        return comparisons.stream()
                .map(comparison -> new ComparisonResult(
                        comparison, seconds.get(comparison.ours()), seconds.get(comparison.baseline())))
                .toList();
    }

    private static List<Candidate> rotated(List<Candidate> candidates, int round) {
        int first = round % candidates.size();
        return Stream.concat(
                        candidates.stream().skip(first), candidates.stream().limit(first))
                .toList();
    }

    private static void requireEqualChecksums(Comparison comparison, Checksum ours, Checksum baseline, int round) {
        if (ours.rows() == 0 || !ours.equals(baseline)) {
            throw new LakeException(
                    ExitCode.BUG,
                    "No time counts: in round " + round + " of " + comparison.name() + " "
                            + comparison.ours().name() + " came to " + ours + ", "
                            + comparison.baseline().name() + " to " + baseline + ".");
        }
    }
}
