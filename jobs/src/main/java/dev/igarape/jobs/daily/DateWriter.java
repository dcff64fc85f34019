package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.SnapshotInput;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Input;
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
    private final DateFiles files;

    DateWriter(Lake lake, Table table, DailyInputs inputs, DateFiles files) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.files = files;
    }

    /**
     * What was written of a date.
     *
     * @param columns of its rows; empty if no rows were computed
     */
    record Written(
            DateBuild build,
            List<PartitionVersion> partitions,
            List<PartitionVersion> quarantine,
            Map<String, String> columns) {
        /** Likewise, with these partitions besides, which hold nothing any more. */
        Written and(List<PartitionVersion> emptied) {
            List<PartitionVersion> all = new ArrayList<>(emptied);
            all.addAll(partitions);
            return new Written(build, all, quarantine, columns);
        }

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

    /** Of a date whose new input commits have no rows that it depends on, only that they were read. */
    Written nothing(DateScope scope) {
        LocalDate date = scope.date();
        DateBuild build =
                new DateBuild(date, inputs.commitsOf(date), scope.snapshots(), false, Balance.NONE, List.of());
        return new Written(build, List.of(), List.of(), Map.of());
    }

    /** Runs the query for a date, or for intervals of it, and writes the result. */
    Written write(SparkSession parent, Task task) throws IOException, InterruptedException {
        SparkSession session = parent.newSession();
        DateScope scope = task.scope();
        try {
            return writeDate(session, task, false);
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            if (!scope.whole() && !scope.snapshots().equals(task.whole().snapshots()) && SnapshotInput.isGone(e)) {
                // The version that the rest of the date was built with can't be read any more.
                files.discard(scope.date());
                return write(parent, task.ofWhole());
            }
            // Scala does not declare its exceptions; deep SQL and large values end in VirtualMachineErrors.
            throw new QueryFailure(table, scope.date(), () -> inputs.rows(session, scope)).explain(e);
        }
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

    /** @param ownStrays whether rows without a place among those computed are looked for without a lookback */
    private Written writeDate(SparkSession session, Task task, boolean ownStrays)
            throws IOException, InterruptedException {
        DateScope scope = task.scope();
        LocalDate date = scope.date();
        boolean tiny = inputs.isTiny(scope);
        DateFiles.configure(session, scope.zone(), tiny);
        DateQuery query = new DateQuery(table, inputs);
        Dataset<Row> rows = ownStrays ? query.rowsWithOwnStrays(session, scope) : query.rows(session, scope);
        TableColumns.requireReadable(rows.schema(), files.keys(), "The query of " + table.name());
        if (task.columns()
                .filter(before -> !before.equals(TableColumns.of(rows.schema())))
                .isPresent()) {
            // All files of a date have the same columns. The whole date need not be tiny.
            return writeDate(session.newSession(), task.ofWhole(), false);
        }
        RowShape shape = RowShape.of(rows.queryExecution().analyzed());
        Dataset<Row> placed = !scope.isSplit() ? rows : rows.withColumn(CheckedRows.INTERVAL, query.interval());
        CheckedRows checked = new CheckedRows(table, date, placed, query.misplaced(scope));
        TableLayout layout = files.layout();
        String path = files.path(date);
        Path folder = new Path(layout.folder(), path);
        save(checked.accepted(), scope, tiny, folder);
        CheckedRows.Counts counts = checked.counts();
        if (counts.unplaced() > 0 && !ownStrays && query.looksBack()) {
            // The lookback may have read the input rows of some, which are refused where these are.
            files.discard(date);
            return writeDate(session.newSession(), task, true);
        }
        boolean told = counts.quarantined() == 0 || scope.isInOnePiece() || Cells.hasTimesOfInputs(lake, table);
        if (!scope.whole() && (counts.unplaced() > 0 || !told)) {
            // Refused rows do not tell of which interval they are, so the next step could neither keep nor replace
            // them.
            files.discard(date);
            return writeDate(session.newSession(), task.ofWhole(), false);
        }
        List<PartitionVersion> partitions = measure(scope, folder, path);
        List<PartitionVersion> quarantine = new ArrayList<>();
        Set<Key> replaced = replaced(scope, task.quarantined());
        if (counts.quarantined() > 0) {
            Path quarantineFolder = new Path(layout.quarantineFolder(), path);
            Column unplaced = told ? query.misplaced(scope) : functions.lit(true);
            save(new CheckedRows(table, date, placed, unplaced).quarantined(), scope, tiny, quarantineFolder);
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

    /** Partitions of the quarantine table that a write of this scope replaces. */
    private static Set<Key> replaced(DateScope scope, Set<Key> quarantined) {
        Set<Key> replaced = new HashSet<>(quarantined);
        if (!scope.whole()) {
            replaced.retainAll(scope.intervals().stream().map(DateFiles::key).toList());
        }
        return replaced;
    }

    private static void save(Dataset<Row> rows, DateScope scope, boolean tiny, Path folder) {
        boolean oneInterval = !scope.isSplit() && !scope.isInOnePiece();
        Path target =
                oneInterval ? new Path(folder, DateFiles.name(scope.intervals().get(0))) : folder;
        DateFiles.save(rows, scope.isSplit(), tiny, target);
    }

    /**
     * The partitions of a scope, whose folders are there if they have rows; and, of a whole date by intervals, that of rows in
     * quarantine which are of none of them.
     */
    private List<PartitionVersion> measure(DateScope scope, Path folder, String path) throws IOException {
        if (scope.isInOnePiece()) {
            Optional<TimeRange> times =
                    table.definition().time().map(time -> Intervals.date(scope.date(), scope.zone()));
            return List.of(files.measure(folder, path, scope.date()).of(times));
        }
        Set<String> written = new HashSet<>();
        for (FileStatus file : lake.files().listStatus(folder)) {
            written.add(file.getPath().getName());
        }
        List<PartitionVersion> partitions = new ArrayList<>();
        for (Interval interval : scope.intervals()) {
            String name = DateFiles.name(interval);
            PartitionVersion partition = PartitionVersion.withoutRows(scope.date());
            if (written.contains(name)) {
                PartitionVersion measured = files.measure(new Path(folder, name), path + "/" + name, scope.date());
                // Of an interval that is written by itself there is a file also where it has no rows.
                if (measured.rows() > 0) {
                    partition = measured;
                } else {
                    lake.files().delete(new Path(folder, name), true);
                }
            }
            partitions.add(partition.as(DateFiles.key(interval)).of(Optional.of(interval.times())));
        }
        String name = DateFiles.WITHOUT_INTERVAL;
        if (written.contains(name)) {
            partitions.add(files.measure(new Path(folder, name), path + "/" + name, scope.date())
                    .as(DateFiles.onePiece(scope.date())));
        }
        return partitions;
    }
}
