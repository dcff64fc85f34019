package dev.igarape.bench.merge;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ComparisonResult;
import dev.igarape.bench.harness.ScratchTarget;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** The comparisons of {@code merge}: changes of a few rows of a table with keys. Tables stay from round to round. */
public final class MergeComparisons implements AutoCloseable {
    private final Items items;
    private final CurrentTable ours;
    private final DeltaRs deltaRs;
    private final List<MergeCandidate> all = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();

    /**
     * What is compared.
     *
     * @param folder for files on this machine
     * @param python an interpreter that has {@code deltalake}
     * @param rows of each table
     * @param changes in a round
     * @param rounds all of them, those of the warm-up, too
     */
    public record Setup(Path folder, Path python, long rows, long changes, int rounds) {}

    /** Makes the settings of Spark that baselines need; to be called before there is a session. */
    public static void configureSpark() {
        HudiUpsert.SPARK_SETTINGS.forEach(System::setProperty);
    }

    /** Makes the events of all rounds. */
    public MergeComparisons(SparkSession spark, ScratchTarget scratch, Setup setup) throws IOException {
        this.items = new Items(spark, setup.rows(), setup.changes());
        this.ours = CurrentTable.open(spark, scratch, setup.folder().resolve("project"));
        List<String> events = events(setup.rounds());
        this.deltaRs = new DeltaRs(
                spark, scratch, events, setup.python(), setup.folder().resolve("events"));
        String name = "%,d of %,d".formatted(setup.changes(), setup.rows());
        all.add(ours);
        add(name, new DeltaMerge(spark, events, scratch.folder("merge"), false), 3);
        add(name, new DeltaMerge(spark, events, scratch.folder("vectors"), true), 1);
        add(name, new HudiUpsert(spark, events, scratch.folder("hudi-simple"), "SIMPLE"), 1.5);
        add(name, new HudiUpsert(spark, events, scratch.folder("hudi-bucket"), "BUCKET"), 1.5);
        add(name, deltaRs, 1);
        add(name, new Append(spark, events, scratch.folder("append")), 0);
    }

    /** @param target how many times as fast ours has to be */
    private void add(String name, MergeCandidate baseline, double target) {
        all.add(baseline);
        comparisons.add(new Comparison(name, ours, baseline, target));
    }

    private List<String> events(int rounds) throws IOException {
        List<String> folders = new ArrayList<>();
        // Round 0 makes the tables.
        for (int round = 0; round <= rounds; round++) {
            folders.add(ours.land(items, round));
        }
        return folders;
    }

    public List<Comparison> comparisons() {
        return List.copyOf(comparisons);
    }

    /** Prints how much each has written in a round, but for those that have failed. */
    public void printWritten(PrintStream out, List<ComparisonResult> results) {
        Set<Candidate> failed = results.stream()
                .filter(result -> result.failure().isPresent())
                .map(result -> result.comparison().baseline())
                .collect(Collectors.toSet());
        for (MergeCandidate candidate : all) {
            if (!failed.contains(candidate)) {
                out.printf("%-28s %,14d bytes written in a round%n", candidate.name(), candidate.bytes());
            }
        }
    }

    @Override
    public void close() {
        deltaRs.close();
    }
}
