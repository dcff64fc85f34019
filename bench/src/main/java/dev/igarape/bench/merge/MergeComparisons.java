package dev.igarape.bench.merge;

import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The comparisons of {@code merge}: changes of a few rows of a table with keys. Tables stay from round to round. */
public final class MergeComparisons {
    private final Items items;
    private final CurrentTable ours;
    private final List<MergeCandidate> all = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();

    /**
     * Makes the tables.
     *
     * @param rows of each table
     * @param changes in a round
     * @param rounds that are counted; there is a warm-up before them
     */
    public MergeComparisons(
            SparkSession spark, ScratchTarget scratch, Path project, long rows, long changes, int rounds, double target)
            throws Exception {
        this.items = new Items(spark, rows, changes);
        this.ours = CurrentTable.open(spark, scratch, project);
        List<String> events = events(rounds);
        String name = "%,d of %,d".formatted(changes, rows);
        MergeCandidate merge = new DeltaMerge(spark, events, scratch.folder("merge"), false);
        MergeCandidate vectors = new DeltaMerge(spark, events, scratch.folder("vectors"), true);
        MergeCandidate append = new Append(spark, events, scratch.folder("append"));
        all.addAll(List.of(ours, merge, vectors, append));
        comparisons.add(new Comparison(name, ours, merge, target));
        comparisons.add(new Comparison(name, ours, vectors, 1));
        comparisons.add(new Comparison(name, ours, append, 0));
        for (MergeCandidate candidate : all) {
            candidate.take(0);
        }
    }

    private List<String> events(int rounds) throws IOException {
        List<String> folders = new ArrayList<>();
        // Round 0 makes the tables, and the next one is the warm-up.
        for (int round = 0; round <= rounds + 1; round++) {
            folders.add(ours.land(items, round));
        }
        return folders;
    }

    public List<Comparison> comparisons() {
        return List.copyOf(comparisons);
    }

    /** Prints how much each has written in a round. */
    public void printWritten(PrintStream out) {
        for (MergeCandidate candidate : all) {
            out.printf("%-28s %,14d bytes written in a round%n", candidate.name(), candidate.bytes());
        }
    }
}
