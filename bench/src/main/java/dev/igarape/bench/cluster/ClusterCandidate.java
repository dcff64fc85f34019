package dev.igarape.bench.cluster;

import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.engine.ClickTables;
import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.model.TableName;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A month of clicks on a cluster of Spark: its landing, or the backfill of its dates from what is landed.
 *
 * @param submit to the cluster
 * @param scratch of this candidate alone
 * @param built the tables that a round builds: the landing, or those behind it
 */
public record ClusterCandidate(SparkSubmit submit, ScratchTarget scratch, List<TableName> built) implements Candidate {
    /** How much faster two workers must be than one. */
    private static final double TARGET = 1.6;

    private static final ClickTables BY_DATES = new ClickTables(Optional.empty(), false);
    private static final TableName RAW = ClickTables.TABLES.get(0);
    private static final List<TableName> BEHIND = ClickTables.TABLES.subList(1, ClickTables.TABLES.size());
    /** Of a landed row what does not depend on its commit. */
    private static final List<String> LANDED = List.of("topic", "partition", "offset", "timestamp", "value");

    public static final String WORK =
            "%,d clicks of 31 dates from a topic of 4 partitions: their landing, and the backfill of %s"
                    .formatted(
                            31 * ClickMonth.CLICKS_PER_DATE,
                            BEHIND.stream().map(TableName::toString).collect(Collectors.joining(" and ")));

    public ClusterCandidate {
        built = List.copyOf(built);
    }

    /**
     * Two workers against one.
     *
     * @param project the manifest that is shipped
     * @param scratch two for each cluster
     * @param folder for the manifest of the tables
     */
    public static List<Comparison> comparisons(
            PinnedCluster two,
            PinnedCluster one,
            ClickMonth month,
            Path project,
            List<ScratchTarget> scratch,
            Path folder)
            throws IOException {
        Path manifest = BY_DATES.manifest(project, month.topic().name(), folder);
        SparkSubmit ours = two.submit(manifest);
        SparkSubmit baseline = one.submit(manifest);
        List<ClusterCandidate> backfills = List.of(
                new ClusterCandidate(ours, scratch.get(2), BEHIND),
                new ClusterCandidate(baseline, scratch.get(3), BEHIND));
        return List.of(
                new Comparison(
                        "landing",
                        new ClusterCandidate(ours, scratch.get(0), List.of(RAW)),
                        new ClusterCandidate(baseline, scratch.get(1), List.of(RAW)),
                        TARGET),
                new Comparison("31 dates", backfills.get(0), backfills.get(1), TARGET));
    }

    @Override
    public String name() {
        return submit.name() + (built.contains(RAW) ? ", landing" : ", 31 dates");
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        if (!built.contains(RAW)) {
            build(List.of(RAW));
        }
    }

    @Override
    public void run(int round) throws IOException, InterruptedException {
        build(built);
    }

    private void build(List<TableName> tables) throws IOException, InterruptedException {
        submit.run(
                scratch.file(),
                tables.stream().map(TableName::toString).collect(Collectors.joining(",")),
                JobOption.FROM,
                ClickMonth.FROM.toString(),
                JobOption.TO,
                ClickMonth.TO.toString());
    }

    @Override
    public Checksum checksum(int round) throws SQLException, IOException {
        long rows = 0;
        StringBuilder hash = new StringBuilder();
        for (TableName table : built) {
            String from = ClickMonth.FROM.toString();
            String to = ClickMonth.TO.toString();
            Checksum sum = table.equals(RAW)
                    ? scratch.checksum(table.toString(), LANDED, from, to)
                    : scratch.checksum(table.toString(), from, to);
            rows += sum.rows();
            hash.append(sum.hash());
        }
        scratch.clear(built);
        return new Checksum(rows, hash.toString());
    }
}
