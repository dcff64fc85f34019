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
 * Rounds in which every contender does the same work once, in an order that turns from round to round, so that no one
 * gains from the machine's mood.
 */
public final class Benchmark {
    private final List<Comparison> duels;
    private final PrintStream progress;
    private final int first;

    public Benchmark(List<Comparison> duels, PrintStream progress) {
        this(duels, progress, 1);
    }

    private Benchmark(List<Comparison> duels, PrintStream progress, int first) {
        this.duels = List.copyOf(duels);
        this.progress = progress;
        this.first = first;
    }

    /** With a round 0 that is not counted. */
    public Benchmark warmUp() {
        return new Benchmark(duels, progress, 0);
    }

    /**
     * Runs the rounds.
     *
     * @throws LakeException (BUG) when two contenders of a duel did not come to the same answer: then no time counts
     */
    public List<ComparisonResult> run(int rounds) throws Exception {
        Set<Candidate> contenders = new LinkedHashSet<>();
        duels.forEach(duel -> contenders.addAll(List.of(duel.ours(), duel.rival())));
        Map<Candidate, List<Double>> seconds = new LinkedHashMap<>();
        contenders.forEach(contender -> seconds.put(contender, new ArrayList<>()));
        for (int round = first; round <= rounds; round++) {
            Map<Candidate, Checksum> answers = new LinkedHashMap<>();
            for (Candidate contender : turned(List.copyOf(contenders), round)) {
                long begin = System.nanoTime();
                contender.work(round);
                double time = (System.nanoTime() - begin) / 1e9;
                answers.put(contender, contender.answer(round));
                if (round > 0) {
                    seconds.get(contender).add(time);
                }
                progress.printf(
                        "%s  %-40s %8.2f s  %d rows%n",
                        round == 0 ? "warm-up " : "round " + round + " ",
                        contender.name(),
                        time,
                        answers.get(contender).rows());
            }
            for (Comparison duel : duels) {
                requireSame(duel, answers.get(duel.ours()), answers.get(duel.rival()), round);
            }
        }
        return duels.stream()
                .map(duel -> new ComparisonResult(duel, seconds.get(duel.ours()), seconds.get(duel.rival())))
                .toList();
    }

    private static List<Candidate> turned(List<Candidate> contenders, int round) {
        int first = round % contenders.size();
        return Stream.concat(
                        contenders.stream().skip(first), contenders.stream().limit(first))
                .toList();
    }

    private static void requireSame(Comparison duel, Checksum ours, Checksum rival, int round) {
        if (ours.rows() == 0 || !ours.equals(rival)) {
            throw new LakeException(
                    ExitCode.BUG,
                    "No time counts: in round " + round + " of " + duel.name() + " "
                            + duel.ours().name() + " came to " + ours + ", "
                            + duel.rival().name() + " to " + rival + ".");
        }
    }
}
