package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.EventTime;
import dev.igarape.jobs.input.SnapshotInput;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Input;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Writes one date of a daily table to a commit's folder. */
final class DateWriter {
    private final Lake lake;
    private final Table table;
    private final DailyInputs inputs;
    private final String commitId;

    DateWriter(Lake lake, Table table, DailyInputs inputs, String commitId) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.commitId = commitId;
    }

    /** What was written of a date. */
    record Written(
            DateBuild build,
            List<PartitionVersion> partitions,
            List<PartitionVersion> quarantine,
            Map<String, String> columns) {
        /** Number of accepted rows. */
        long rows() {
            return partitions.stream().mapToLong(PartitionVersion::rows).sum();
        }
    }

    /**
     * What is to be written of a date.
     *
     * @param whole what is computed instead where the result has other columns than the rest of the date
     * @param columns those of the rest of the date; empty: it has no rest
     * @param quarantined partitions of the quarantine table that the date has, which are replaced even by nothing
     */
    record Task(DateScope scope, DateScope whole, Optional<Map<String, String>> columns, Set<Key> quarantined) {
        private Task ofWhole() {
            return new Task(whole, whole, Optional.empty(), quarantined);
        }
    }

    /** Runs the query for a date, or for intervals of it, and writes the result. */
    Written write(SparkSession parent, Task task) throws IOException, InterruptedException {
        SparkSession session = parent.newSession();
        DateScope scope = task.scope();
        try {
            return writeDate(session, task);
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            if (!scope.whole() && !scope.snapshots().equals(task.whole().snapshots()) && SnapshotInput.isGone(e)) {
                // The version that the rest of the date was built with can't be read any more.
                discard(scope.date());
                return write(parent, task.ofWhole());
            }
            // Scala does not declare its exceptions; deep SQL and large values end in VirtualMachineErrors.
            throw new QueryFailure(table, scope.date(), () -> inputs.rows(session, scope)).explain(e);
        }
    }

    private void discard(LocalDate date) throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        lake.files().delete(new Path(layout.folder(), path(date)), true);
        lake.files().delete(new Path(layout.quarantineFolder(), path(date)), true);
    }

    private String path(LocalDate date) {
        return commitId + "/date=" + date;
    }

    /**
     * Reads in which intervals rows of an input lie.
     *
     * @param date that is to be built
     */
    List<TimeRange> rowTimes(
            SparkSession parent, LocalDate date, Input input, List<CurrentPartition> partitions, Intervals intervals)
            throws IOException {
        SparkSession session = parent.newSession();
        session.conf().set("spark.sql.session.timeZone", intervals.zone().getId());
        try {
            return inputs.rowTimes(session, input, partitions, intervals);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // Scala does not declare its exceptions.
            throw new QueryFailure(table, date, Map::of).explain(e);
        }
    }

    private Written writeDate(SparkSession session, Task task) throws IOException, InterruptedException {
        DateScope scope = task.scope();
        LocalDate date = scope.date();
        session.conf().set("spark.sql.session.timeZone", scope.zone().getId());
        // Above this number of folders Spark lists them in a job of its own, which takes longer for small ones.
        session.conf().set("spark.sql.sources.parallelPartitionDiscovery.threshold", "512");
        boolean tiny = inputs.isTiny(scope);
        if (tiny) {
            session.conf().set("spark.sql.shuffle.partitions", "1");
            // To plan each stage anew takes longer than the stage.
            session.conf().set("spark.sql.adaptive.enabled", "false");
            // Finds filters that a query lacks, which takes a good part of the planning and saves nothing here.
            session.conf().set("spark.sql.constraintPropagation.enabled", "false");
            // The plan as text, which Spark makes for listeners and nobody reads here.
            session.conf().set("spark.sql.ui.explainMode", "simple");
        }
        DateQuery query = new DateQuery(table, inputs);
        Dataset<Row> rows = query.rows(session, scope);
        TableColumns.requireReadable(rows.schema(), keys(), "The query of " + table.name());
        if (task.columns()
                .filter(before -> !before.equals(TableColumns.of(rows.schema())))
                .isPresent()) {
            // All files of a date have the same columns. The whole date need not be tiny.
            return writeDate(session.newSession(), task.ofWhole());
        }
        RowShape shape = RowShape.of(rows.queryExecution().analyzed());
        Dataset<Row> placed = !scope.isSplit()
                ? rows
                : rows.withColumn(
                        CheckedRows.INTERVAL,
                        EventTime.interval(
                                query.time(), table.definition().interval().orElseThrow()));
        CheckedRows checked = new CheckedRows(table, date, placed, misplaced(query, scope));
        TableLayout layout = new TableLayout(lake.target(), table);
        String path = path(date);
        Path folder = new Path(layout.folder(), path);
        save(checked.accepted(), scope, tiny, folder);
        CheckedRows.Counts counts = checked.counts();
        List<PartitionVersion> partitions = measure(scope, folder, path);
        List<PartitionVersion> quarantine = new ArrayList<>();
        Set<Key> replaced = replaced(scope, task.quarantined());
        if (counts.quarantined() > 0) {
            Path quarantineFolder = new Path(layout.quarantineFolder(), path);
            save(
                    new CheckedRows(table, date, placed, misplaced(query, scope)).quarantined(),
                    scope,
                    tiny,
                    quarantineFolder);
            measure(scope, quarantineFolder, path).stream()
                    .filter(partition -> partition.rows() > 0)
                    .forEach(quarantine::add);
            replaced.removeAll(quarantine.stream().map(PartitionVersion::key).toList());
        }
        if (!replaced.isEmpty()) {
            replaced.forEach(key -> quarantine.add(PartitionVersion.emptied(key)));
            lake.files().mkdirs(new Path(layout.quarantineFolder(), PartitionVersion.EMPTY_FOLDER));
        }
        // What part of an input lies in some intervals is known only to the query.
        boolean rowWise = shape.rowWise() && scope.whole();
        long read = rowWise ? inputs.rowsOf(date) : counts.produced();
        long filtered = rowWise && shape.filters() ? read - counts.produced() : 0;
        long written = partitions.stream().mapToLong(PartitionVersion::rows).sum();
        Balance balance = new Balance(read, written, counts.quarantined(), counts.dropped(), filtered, 0, 0);
        DateBuild build =
                new DateBuild(date, inputs.commitsOf(date), scope.snapshots(), rowWise, balance, counts.expectations());
        return new Written(build, partitions, quarantine, TableColumns.of(rows.schema()));
    }

    private List<String> keys() {
        return table.definition().storage().map(Storage::partitionColumns).orElse(List.of());
    }

    /** Whether a row of the result is none of those that the scope computes. */
    private Column misplaced(DateQuery query, DateScope scope) {
        if (table.definition().time().isEmpty()) {
            return functions.lit(false);
        }
        return functions.not(functions.coalesce(EventTime.within(query.time(), scope.times()), functions.lit(false)));
    }

    /** Partitions of the quarantine table that a write of this scope replaces. */
    private static Set<Key> replaced(DateScope scope, Set<Key> quarantined) {
        Set<Key> replaced = new HashSet<>(quarantined);
        if (!scope.whole()) {
            replaced.retainAll(scope.intervals().stream().map(Scopes::key).toList());
        }
        return replaced;
    }

    private static void save(Dataset<Row> rows, DateScope scope, boolean tiny, Path folder) {
        if (!scope.isSplit()) {
            Path file = scope.isInOnePiece()
                    ? folder
                    : new Path(folder, name(scope.intervals().get(0)));
            (tiny ? rows.coalesce(1) : rows).write().parquet(file.toString());
            return;
        }
        Column interval = functions.col(CheckedRows.INTERVAL);
        (tiny ? rows.coalesce(1) : rows.repartition(interval))
                .withColumnRenamed(CheckedRows.INTERVAL, Storage.INTERVAL)
                .write()
                .partitionBy(Storage.INTERVAL)
                .parquet(folder.toString());
    }

    /** The partitions of a scope, whose folders are there if they have rows. */
    private List<PartitionVersion> measure(DateScope scope, Path folder, String path) throws IOException {
        if (scope.isInOnePiece()) {
            Optional<TimeRange> times =
                    table.definition().time().map(time -> Intervals.date(scope.date(), scope.zone()));
            return List.of(measure(folder, path, scope.date()).of(times));
        }
        Set<String> written = new HashSet<>();
        for (FileStatus file : lake.files().listStatus(folder)) {
            written.add(file.getPath().getName());
        }
        List<PartitionVersion> partitions = new ArrayList<>();
        for (Interval interval : scope.intervals()) {
            String name = name(interval);
            PartitionVersion partition = PartitionVersion.withoutRows(scope.date());
            if (written.contains(name)) {
                PartitionVersion measured = measure(new Path(folder, name), path + "/" + name, scope.date());
                // Of an interval that is written by itself there is a file also where it has no rows.
                if (measured.rows() > 0) {
                    partition = measured;
                } else {
                    lake.files().delete(new Path(folder, name), true);
                }
            }
            partitions.add(partition.as(Scopes.key(interval)).of(Optional.of(interval.times())));
        }
        return partitions;
    }

    /** The folder of an interval, as Spark names it. */
    private static String name(Interval interval) {
        return Storage.INTERVAL + "=" + interval.index();
    }

    private PartitionVersion measure(Path folder, String path, LocalDate date) throws IOException {
        return ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date);
    }
}
