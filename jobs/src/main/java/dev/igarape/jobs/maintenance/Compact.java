package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.avro.AvroBlocks;
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
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Compaction: merges small files. Batches of a landed date are merged into one by copying Avro blocks without decoding;
 * the Parquet files of a date are rewritten by Spark. The rows stay the same, which is verified before the commit. They
 * keep the commits that they were landed by, so that nothing built from them becomes stale.
 *
 * <p>Readers see a date change in one call: its first batch gets all rows and the others become empty; {@link Clean}
 * drops these later. Batches that are landed meanwhile are not affected.
 */
public final class Compact {
    /** Partitions of at least this size are not compacted; files grow to about this size. */
    private static final long LARGE = 128L << 20;

    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;

    /** @param spark used only to write Parquet */
    public Compact(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
    }

    /**
     * Compacts and publishes the dates whose number of files would at least halve.
     *
     * @return empty for views and for tables whose files come from a source unchanged (HTTP responses, landed files)
     * @throws LakeException (EXPECTATION) if the rows written differ from the rows read; then nothing is committed
     */
    public List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        if (!isCompacted(table)) {
            return List.of();
        }
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("compact " + table.name(), "built the same dates", state -> {
            Map<Part, List<CurrentPartition>> due = due(table, state);
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

    private Commit write(Table table, Map<Part, List<CurrentPartition>> due) throws IOException {
        String commitId = lake.newCommitId();
        List<PartitionVersion> partitions = new ArrayList<>();
        long rows = 0;
        for (Map.Entry<Part, List<CurrentPartition>> date : due.entrySet()) {
            PartitionVersion whole = write(table, date.getKey(), date.getValue(), commitId);
            rows += whole.rows();
            partitions.add(whole);
            date.getValue()
                    .subList(1, date.getValue().size())
                    .forEach(placed -> partitions.add(
                            PartitionVersion.emptied(placed.partition().key())));
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

    /** Partitions that differ only in their batch. */
    private record Part(LocalDate date, Optional<String> recordName) implements Comparable<Part> {
        static Part of(PartitionVersion partition) {
            return new Part(partition.date(), partition.recordName());
        }

        String path() {
            return "date=" + date
                    + recordName
                            .map(name -> "/" + Source.Kafka.RECORD_NAME + "=" + name)
                            .orElse("");
        }

        @Override
        public int compareTo(Part other) {
            return path().compareTo(other.path());
        }
    }

    /** The small partitions of each date that is worth compacting. */
    private static Map<Part, List<CurrentPartition>> due(Table table, LedgerState state) {
        Map<Part, List<CurrentPartition>> dates = new TreeMap<>();
        for (CurrentPartition placed : state.partitions()) {
            if (!placed.partition().isEmptied() && placed.partition().bytes() < LARGE) {
                dates.computeIfAbsent(Part.of(placed.partition()), part -> new ArrayList<>())
                        .add(placed);
            }
        }
        // One batch can have files of many schemas, which can't be merged.
        int least = table.isIncremental() ? 2 : 1;
        dates.values().removeIf(partitions -> partitions.size() < least || files(partitions) < 2 * wanted(partitions));
        return dates;
    }

    private static long files(List<CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().files())
                .sum();
    }

    private static long bytes(List<CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().bytes())
                .sum();
    }

    private static long wanted(List<CurrentPartition> partitions) {
        return Math.max(1, (bytes(partitions) + LARGE - 1) / LARGE);
    }

    private static List<MaintenanceAction> actions(Table table, Map<Part, List<CurrentPartition>> due) {
        List<MaintenanceAction> actions = new ArrayList<>();
        due.forEach((part, partitions) -> actions.add(new MaintenanceAction(
                table.name(),
                Optional.of(part.date()),
                "compacted " + partitions.size() + (partitions.size() == 1 ? " partition" : " partitions"),
                files(partitions),
                partitions.stream()
                        .mapToLong(placed -> placed.partition().rows())
                        .sum(),
                bytes(partitions),
                0)));
        return actions;
    }

    /** Writes the rows of all these partitions to one, which replaces the first. */
    private PartitionVersion write(Table table, Part part, List<CurrentPartition> partitions, String commitId)
            throws IOException {
        String root = new TableLayout(lake.target(), table).folder();
        String path = commitId + "/" + part.path();
        Path folder = new Path(root, path);
        List<Path> sources = partitions.stream()
                .map(placed -> new Path(root, placed.partition().path()))
                .toList();
        PartitionVersion written = table.isIncremental()
                ? avro(sources, folder, path, part.date())
                : parquet(partitions, sources, folder, path);
        long rows = partitions.stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
        if (written.rows() != rows) {
            throw differs(table, part.date(), rows + " rows", written.rows() + " rows");
        }
        Map<Long, Long> rowsByCommit = new TreeMap<>();
        partitions.forEach(placed ->
                placed.rowsByCommit().forEach((sequence, count) -> rowsByCommit.merge(sequence, count, Long::sum)));
        PartitionVersion.Key key = partitions.get(0).partition().key();
        return written.as(key)
                .from(rowsByCommit)
                .of(TimeRange.span(partitions.stream()
                        .map(placed -> placed.partition().times())
                        .toList()));
    }

    private PartitionVersion avro(List<Path> sources, Path folder, String path, LocalDate date) throws IOException {
        AvroBlocks blocks = new AvroBlocks(lake.files(), LARGE);
        List<Path> from = new ArrayList<>();
        for (Path source : sources) {
            from.addAll(avroFiles(source));
        }
        blocks.copy(from, folder);
        List<Path> copies = avroFiles(folder);
        AvroBlocks.Content before = blocks.content(from);
        AvroBlocks.Content after = blocks.content(copies);
        if (!before.equals(after)) {
            throw differs(folder, before, after);
        }
        long bytes = 0;
        for (Path copy : copies) {
            bytes += lake.files().getFileStatus(copy).getLen();
        }
        return new PartitionVersion(date, Optional.empty(), path, copies.size(), after.rows(), bytes);
    }

    private List<Path> avroFiles(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (FileStatus status : lake.files().listStatus(folder)) {
            if (status.isFile() && status.getPath().getName().endsWith(".avro")) {
                files.add(status.getPath());
            }
        }
        return files;
    }

    private PartitionVersion parquet(List<CurrentPartition> partitions, List<Path> sources, Path folder, String path)
            throws IOException {
        String[] from = sources.stream().map(Path::toString).toArray(String[]::new);
        SparkSession session = spark.get();
        session.read().parquet(from).coalesce((int) wanted(partitions)).write().parquet(folder.toString());
        Row before = content(session.read().parquet(from));
        Row after = content(session.read().parquet(folder.toString()));
        if (!before.equals(after)) {
            throw differs(folder, before, after);
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

    private static LakeException differs(Object where, Object before, Object after) {
        return new LakeException(
                ExitCode.EXPECTATION,
                "Refused to commit a compaction: " + where + " holds " + after + " instead of " + before
                        + ". Nothing was published. This is a bug or a broken disk: run again, and report it if it"
                        + " stays.");
    }

    private static LakeException differs(Table table, LocalDate date, Object before, Object after) {
        return differs(table.name() + " for " + date, before, after);
    }
}
