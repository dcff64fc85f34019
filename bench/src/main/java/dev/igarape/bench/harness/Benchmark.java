package dev.igarape.bench.harness;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A benchmark: rounds in which every candidate does the same work once. The order rotates from round to round, so that no
 * candidate profits from its place in it.
 */
public final class Benchmark {
    private static final String SETUP = "the setup";

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

    /** The same benchmark with a warm-up: so many rounds that are not counted, the last of which is round 0. */
    public Benchmark warmUp(int rounds) {
        return new Benchmark(comparisons, progress, 1 - rounds);
    }

    /**
     * Lets the candidates prepare, and runs the rounds. A baseline that fails is left out from there on, and told; ours goes
     * on as long as it has a baseline left.
     *
     * @throws LakeException (BUG) when the checksums of a comparison differ: then no time counts
     * @throws Exception what ours failed with
     */
    public List<ComparisonResult> run(int rounds) throws Exception {
        Standing standing = new Standing(comparisons, progress);
        Map<Candidate, List<Double>> seconds = new LinkedHashMap<>();
        for (Candidate candidate : standing.candidates()) {
            seconds.put(candidate, new ArrayList<>());
            try {
                candidate.prepare();
            } catch (Exception e) {
                standing.leaveOut(candidate, SETUP, e);
            }
        }
        for (int round = first; round <= rounds && !standing.comparisons().isEmpty(); round++) {
            Map<Candidate, Checksum> checksums = new LinkedHashMap<>();
            for (Candidate candidate : rotated(standing.candidates(), round)) {
                try {
                    checksums.put(candidate, measure(candidate, round, seconds.get(candidate)));
                } catch (Exception e) {
                    standing.leaveOut(candidate, name(round), e);
                }
            }
            for (Comparison comparison : standing.comparisons()) {
                requireEqualChecksums(
                        comparison, checksums.get(comparison.ours()), checksums.get(comparison.baseline()), round);
            }
        }
        return comparisons.stream()
                .map(comparison -> new ComparisonResult(
                        comparison,
                        seconds.get(comparison.ours()),
                        seconds.get(comparison.baseline()),
                        standing.failure(comparison)))
                .toList();
    }

    /** @param seconds gets the time, if the round counts */
    private Checksum measure(Candidate candidate, int round, List<Double> seconds) throws Exception {
        long begin = System.nanoTime();
        candidate.run(round);
        double time = (System.nanoTime() - begin) / 1e9;
        Checksum checksum = candidate.checksum(round);
        if (round > 0) {
            seconds.add(time);
        }
        progress.printf("%-9s  %-40s %8.2f s  %d rows%n", name(round), candidate.name(), time, checksum.rows());
        return checksum;
    }

    private String name(int round) {
        return round > 0 ? "round " + round : "warm-up " + (round - first + 1);
    }

    private static List<Candidate> rotated(List<Candidate> candidates, int round) {
        int first = Math.floorMod(round, candidates.size());
        return Stream.concat(
                        candidates.stream().skip(first), candidates.stream().limit(first))
                .toList();
    }

    private void requireEqualChecksums(Comparison comparison, Checksum ours, Checksum baseline, int round) {
        if (ours.rows() == 0 || !ours.equals(baseline)) {
            throw new LakeException(
                    ExitCode.BUG,
                    "No time counts: in " + name(round) + " of " + comparison.name() + " "
                            + comparison.ours().name() + " came to " + ours + ", "
                            + comparison.baseline().name() + " to " + baseline + ".");
        }
    }
}
