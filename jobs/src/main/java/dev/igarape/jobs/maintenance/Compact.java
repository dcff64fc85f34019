package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Compaction: merges small files. Batches of a landed date are merged into one by copying Avro blocks without decoding;
 * the Parquet files of a date are rewritten by Spark; a Delta table is given to {@link DeltaCompaction}. The rows stay the same, which is verified before the commit. They
 * keep the commits that they were landed by, so that nothing built from them becomes stale.
 *
 * <p>A date of a table with intervals is written in one piece once it is over; a row that comes later rebuilds it.
 *
 * <p>Readers see a date change in one call: one of its partitions gets all rows and the others become empty; {@link Clean}
 * drops these later. Batches that are landed meanwhile are not affected.
 */
public final class Compact {
    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;

    /** @param spark used only to write Parquet and Delta */
    public Compact(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
    }

    /**
     * Compacts and publishes the dates whose number of files would at least halve, and those that are over and by
     * intervals.
     *
     * @return empty for views and for tables whose files come from a source unchanged (HTTP responses, landed files)
     * @throws LakeException (EXPECTATION) if the rows written differ from the rows read; then nothing is committed
     */
    public List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        if (!isCompacted(table)) {
            return List.of();
        }
        if (new TableLayout(lake.target(), table).isDelta()) {
            return new DeltaCompaction(lake, publisher, spark).run(table, dryRun);
        }
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("compact " + table.name(), "built the same dates", state -> {
            Map<MergedPart, List<CurrentPartition>> due = due(table, state);
            lake.steps().reached(Step.PLANNED);
            List<MaintenanceAction> actions = actions(table, due);
            if (dryRun) {
                return new CommitLoop.Stopped<>(actions);
            }
            if (due.isEmpty()) {
                return new CommitLoop.Unchanged<>(() -> actions);
            }
            return new CommitLoop.Draft<>(
                    write(table, due), commit -> MaintenanceAction.at(commit.sequence(), actions));
        });
    }

    /**
     * How many of a Delta table's files are so small, at least, that any two of them are merged, since both fit into one: no
     * more than so many can be larger for these bytes.
     */
    public static long smallFiles(long files, long bytes) {
        return Math.max(0, files - bytes / (DeltaFiles.SORTED / 2));
    }

    private Commit write(Table table, Map<MergedPart, List<CurrentPartition>> due) throws IOException {
        String commitId = lake.newCommitId();
        List<PartitionVersion> partitions = new ArrayList<>();
        long rows = 0;
        for (Map.Entry<MergedPart, List<CurrentPartition>> date : due.entrySet()) {
            PartitionVersion whole = write(table, date.getKey(), date.getValue(), commitId);
            rows += whole.rows();
            partitions.add(whole);
            date.getValue().stream()
                    .map(placed -> placed.partition().key())
                    .filter(key -> !key.equals(whole.key()))
                    .forEach(key -> partitions.add(PartitionVersion.emptied(key)));
        }
        lake.files().mkdirs(new Path(new TableLayout(lake.target(), table).folder(), PartitionVersion.EMPTY_FOLDER));
        return lake.draft(table, commitId, Operation.COMPACT)
                .partitions(partitions)
                .balance(Balance.landed(rows, rows, 0))
                .build();
    }

    private static boolean isCompacted(Table table) {
        return table.has(Trait.COMPACTED);
    }

    /** The partitions to be merged of each date that is worth it. */
    private Map<MergedPart, List<CurrentPartition>> due(Table table, LedgerState state) {
        Map<MergedPart, List<CurrentPartition>> dates = new TreeMap<>();
        for (CurrentPartition placed : state.partitions()) {
            if (!placed.partition().isEmptied()) {
                dates.computeIfAbsent(MergedPart.of(table, placed.partition()), part -> new ArrayList<>())
                        .add(placed);
            }
        }
        Map<MergedPart, List<CurrentPartition>> due = new TreeMap<>();
        dates.forEach((part, partitions) -> {
            List<CurrentPartition> merged =
                    isByInterval(partitions) ? ofOver(table, part.date(), partitions) : small(table, partitions);
            if (!merged.isEmpty()) {
                due.put(part, merged);
            }
        });
        return due;
    }

    private static boolean isByInterval(List<CurrentPartition> partitions) {
        return partitions.stream()
                .anyMatch(placed -> placed.partition().interval().isPresent());
    }

    /** All partitions of a date if it is over; else none, since its intervals still change one by one. */
    private List<CurrentPartition> ofOver(Table table, LocalDate date, List<CurrentPartition> partitions) {
        ZoneId zone = lake.timezone(table);
        boolean over =
                !lake.clock().instant().isBefore(Intervals.date(date, zone).until());
        return over ? partitions : List.of();
    }

    /** The small ones of these, if they would become half as many files. */
    private static List<CurrentPartition> small(Table table, List<CurrentPartition> partitions) {
        List<CurrentPartition> small = partitions.stream()
                .filter(placed -> placed.partition().bytes() < MergedPartition.LARGE)
                .toList();
        // One batch can have files of many schemas, which can't be merged.
        int least = table.isIncremental() ? 2 : 1;
        return small.size() < least || MergedPartition.files(small) < 2 * wanted(small) ? List.of() : small;
    }

    private static long wanted(List<CurrentPartition> partitions) {
        return Math.max(1, (MergedPartition.bytes(partitions) + MergedPartition.LARGE - 1) / MergedPartition.LARGE);
    }

    private static List<MaintenanceAction> actions(Table table, Map<MergedPart, List<CurrentPartition>> due) {
        List<MaintenanceAction> actions = new ArrayList<>();
        due.forEach((part, partitions) -> actions.add(part.action(table.name(), "compacted", partitions)));
        return actions;
    }

    /** Writes the rows of all these partitions to one, which replaces one of them. */
    private PartitionVersion write(Table table, MergedPart part, List<CurrentPartition> partitions, String commitId)
            throws IOException {
        String root = new TableLayout(lake.target(), table).folder();
        String path = commitId + "/" + part.path();
        if (table.isIncremental()) {
            return MergedPartition.ofAvro(lake, partitions, root, path);
        }
        PartitionVersion.Key key = new PartitionVersion.Key(part.date(), Optional.empty(), Optional.empty());
        List<Path> sources = MergedPartition.folders(partitions, root);
        return MergedPartition.of(
                sources.isEmpty()
                        ? PartitionVersion.withoutRows(part.date())
                        : parquet(partitions, sources, new Path(root, path), path),
                partitions,
                key);
    }

    private PartitionVersion parquet(List<CurrentPartition> partitions, List<Path> sources, Path folder, String path)
            throws IOException {
        String[] from = sources.stream().map(Path::toString).toArray(String[]::new);
        SparkSession session = spark.get();
        session.read().parquet(from).coalesce((int) wanted(partitions)).write().parquet(folder.toString());
        Row before = content(session.read().parquet(from));
        Row after = content(session.read().parquet(folder.toString()));
        if (!before.equals(after)) {
            throw MergedPartition.differs(folder, before, after);
        }
        return ParquetFolder.measure(
                lake.files(),
                lake.hadoop(),
                folder,
                path,
                partitions.get(0).partition().date());
    }

    /** Number of rows, and a sum of their hashes that does not mind their order. */
    private static Row content(Dataset<Row> rows) {
        // As JSON, for Spark has no hash of maps.
        return rows.select(functions
                        .xxhash64(RowJson.of(functions.col("*")))
                        .cast("decimal(38,0)")
                        .as("hash"))
                .agg(functions.count(functions.lit(1)), functions.sum("hash"))
                .head();
    }
}
