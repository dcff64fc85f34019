package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.EventTime;
import dev.igarape.jobs.input.SnapshotInput;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Computes the {@link Cells} of a date's intervals in which rows may differ, and keeps the rest of these intervals: its row
 * groups are copied as they are. Each cell that is computed is a row group of its own, so that the next step can leave it or
 * replace it.
 */
final class DatePatch {
    /** Column that holds the index of a row's cell. */
    private static final String CELL = "__igarape_cell";
    /** The cell of a row whose interval is computed whole. */
    private static final long WHOLE = -1;

    private final Lake lake;
    private final Table table;
    private final DailyInputs inputs;
    private final LedgerState state;
    private final DateFiles files;

    /** @param state of the table's ledger, which the commit will follow */
    DatePatch(Lake lake, Table table, DailyInputs inputs, LedgerState state, DateFiles files) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.state = state;
        this.files = files;
    }

    /**
     * What is computed of an interval.
     *
     * @param times of the rows that are computed: of whole cells, ascending
     * @param stands files with the rows that stand
     */
    private record Patch(Interval interval, List<TimeRange> times, List<FileStatus> stands) {
        boolean isWhole() {
            return times.equals(List.of(interval.times()));
        }

        /** Whether a row group stays, since no row of it is of these times. */
        boolean keeps(Optional<TimeRange> group) {
            return !isWhole()
                    && group.filter(range -> times.stream().noneMatch(range::overlaps))
                            .isPresent();
        }

        /** What the query is limited to, as intervals that are shorter. */
        Stream<Interval> parts() {
            return times.stream()
                    .map(range -> new Interval(interval.date(), interval.index(), range, interval.label()));
        }
    }

    /**
     * Writes intervals of a date.
     *
     * @param length of cells
     * @return empty, with nothing left of it, where whole intervals are to be computed
     */
    Optional<DateWriter.Written> write(SparkSession parent, DateScope scope, Duration length)
            throws IOException, InterruptedException {
        Optional<Standing> standing = scope.whole() || scope.touched().isEmpty()
                ? Optional.empty()
                : Standing.of(lake, table, state, scope.date());
        if (standing.filter(stands -> !stands.isInOnePiece() && isTimestamp(stands))
                .isEmpty()) {
            return Optional.empty();
        }
        // Quarantined rows do not tell their times.
        if (scope.intervals().stream()
                .map(DateFiles::key)
                .anyMatch(standing.get().quarantine()::containsKey)) {
            return Optional.empty();
        }
        SparkSession session = parent.newSession();
        PartitionJoin join =
                new PartitionJoin(lake, files, session, files.layout().folder());
        List<Patch> patches = new ArrayList<>();
        for (Interval interval : scope.intervals()) {
            patches.add(patch(interval, scope.touched(), length, standing.get(), join));
        }
        if (patches.stream().allMatch(Patch::isWhole)) {
            return Optional.empty();
        }
        DateScope parts = new DateScope(
                scope.date(),
                scope.zone(),
                patches.stream().flatMap(Patch::parts).toList(),
                false,
                scope.snapshots());
        try {
            Optional<DateWriter.Written> written = write(session, parts, patches, length, standing.get(), join);
            if (written.isEmpty()) {
                files.discard(scope.date());
            }
            return written;
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            if (SnapshotInput.isGone(e)) {
                // The version that the rest of the date was built with can't be read any more.
                files.discard(scope.date());
                return Optional.empty();
            }
            // Scala does not declare its exceptions; deep SQL and large values end in VirtualMachineErrors.
            throw new QueryFailure(table, scope.date(), () -> inputs.rows(session, parts)).explain(e);
        }
    }

    /** Whether row groups tell the moments of their rows: local times depend on a time zone. */
    private boolean isTimestamp(Standing standing) {
        return "timestamp".equalsIgnoreCase(standing.columns().get(time()));
    }

    private String time() {
        return table.definition().time().orElseThrow();
    }

    /** The whole interval, where that takes no longer or files that stand can't be used. */
    private Patch patch(
            Interval interval, List<TimeRange> touched, Duration length, Standing standing, PartitionJoin join)
            throws IOException {
        Patch whole = new Patch(interval, List.of(interval.times()), List.of());
        Optional<List<FileStatus>> stands =
                join.standing(Optional.ofNullable(standing.partitions().get(DateFiles.key(interval))));
        if (stands.isEmpty()) {
            return whole;
        }
        List<TimeRange> groups = new ArrayList<>();
        for (FileStatus file : stands.get()) {
            for (Optional<TimeRange> group : join.rowGroups(file, this::times)) {
                if (group.isEmpty()) {
                    return whole;
                }
                groups.add(group.get());
            }
        }
        Intervals cells = new Intervals(length, lake.timezone(table));
        List<TimeRange> times = List.of();
        List<TimeRange> wanted = touched;
        // A row group is replaced as a whole, so its other rows are computed, too.
        while (!wanted.equals(times)) {
            times = wanted;
            List<TimeRange> before = times;
            List<TimeRange> reached = new ArrayList<>(before);
            groups.stream()
                    .filter(group -> before.stream().anyMatch(group::overlaps))
                    .forEach(reached::add);
            wanted = TimeRange.joined(cells.within(interval).stream()
                    .filter(cell -> reached.stream().anyMatch(cell::overlaps))
                    .toList());
        }
        Duration computed = times.stream()
                .map(range -> Duration.between(range.from(), range.until()))
                .reduce(Duration.ZERO, Duration::plus);
        Duration all =
                Duration.between(interval.times().from(), interval.times().until());
        return computed.multipliedBy(2).compareTo(all) > 0 ? whole : new Patch(interval, times, stands.get());
    }

    /** The times of a row group's rows; empty if it does not tell. */
    private Optional<TimeRange> times(BlockMetaData group) {
        for (ColumnChunkMetaData column : group.getColumns()) {
            if (column.getPath().toDotString().equals(time())
                    && column.getStatistics() instanceof LongStatistics known
                    && known.hasNonNullValue()) {
                Instant first = Instant.EPOCH.plus(known.getMin(), ChronoUnit.MICROS);
                Instant last = Instant.EPOCH.plus(known.getMax(), ChronoUnit.MICROS);
                return Optional.of(new TimeRange(first, last.plus(1, ChronoUnit.MICROS)));
            }
        }
        return Optional.empty();
    }

    private Optional<DateWriter.Written> write(
            SparkSession session,
            DateScope parts,
            List<Patch> patches,
            Duration length,
            Standing standing,
            PartitionJoin join)
            throws IOException, InterruptedException {
        LocalDate date = parts.date();
        boolean tiny = inputs.isTiny(parts);
        DateFiles.configure(session, parts.zone(), tiny);
        DateQuery query = new DateQuery(table, inputs);
        Dataset<Row> rows = query.rows(session, parts);
        TableColumns.requireReadable(rows.schema(), files.keys(), "The query of " + table.name());
        if (!standing.columns().equals(TableColumns.of(rows.schema()))) {
            return Optional.empty();
        }
        Dataset<Row> placed =
                rows.withColumn(CheckedRows.INTERVAL, query.interval()).withColumn(CELL, cell(query, patches, length));
        CheckedRows checked = new CheckedRows(table, date, placed, query.misplaced(parts));
        Path added = files.scratch(session, date, "computed");
        try {
            Dataset<Row> accepted =
                    DateFiles.nullable(checked.accepted()).withColumnRenamed(CheckedRows.INTERVAL, Storage.INTERVAL);
            (tiny ? accepted.coalesce(1) : accepted.repartition(functions.col(Storage.INTERVAL), functions.col(CELL)))
                    .write()
                    .partitionBy(Storage.INTERVAL, CELL)
                    .parquet(added.toString());
            CheckedRows.Counts counts = checked.counts();
            if (counts.quarantined() > 0) {
                return Optional.empty();
            }
            List<PartitionVersion> partitions = new ArrayList<>();
            long kept = 0;
            for (Patch patch : patches) {
                Predicate<BlockMetaData> keeps = group -> patch.keeps(times(group));
                Optional<PartitionVersion> joined = join.join(target(patch, added), patch.stands(), keeps);
                if (joined.isEmpty()) {
                    return Optional.empty();
                }
                partitions.add(joined.get());
                kept += join.rows(patch.stands(), keeps);
            }
            return Optional.of(new DateWriter.Written(
                    build(parts, patches, counts, kept), partitions, List.of(), TableColumns.of(rows.schema())));
        } finally {
            files.deleteScratch(added);
        }
    }

    /** In which row group a row goes. */
    private Column cell(DateQuery query, List<Patch> patches, Duration length) {
        Object[] whole = patches.stream()
                .filter(Patch::isWhole)
                .map(patch -> patch.interval().index())
                .toArray();
        Column cell = EventTime.interval(query.time(), length);
        return whole.length == 0
                ? cell
                : functions
                        .when(functions.col(CheckedRows.INTERVAL).isin(whole), functions.lit(WHOLE))
                        .otherwise(cell);
    }

    private PartitionJoin.Target target(Patch patch, Path added) throws IOException {
        String name = DateFiles.name(patch.interval());
        List<Path> cells = new ArrayList<>();
        Path folder = new Path(added, name);
        FileSystem system = folder.getFileSystem(files.hadoop());
        if (system.exists(folder)) {
            for (FileStatus cell : system.listStatus(folder)) {
                cells.add(cell.getPath());
            }
        }
        return new PartitionJoin.Target(
                cells,
                DateFiles.key(patch.interval()),
                files.path(patch.interval().date()) + "/" + name,
                Optional.of(patch.interval().times()));
    }

    /** @param kept rows of the row groups that stay */
    private DateBuild build(DateScope parts, List<Patch> patches, CheckedRows.Counts counts, long kept) {
        Balance computed =
                new Balance(counts.produced(), counts.produced() - counts.dropped(), 0, counts.dropped(), 0, 0, 0);
        Balance stands = Balance.landed(kept, kept, 0);
        return new DateBuild(
                        parts.date(),
                        inputs.commitsOf(parts.date()),
                        parts.snapshots(),
                        false,
                        stands.plus(computed),
                        counts.expectations(),
                        DateFiles.changed(patches.stream()
                                .flatMap(patch -> patch.times().stream())
                                .toList()))
                .keeping(stands);
    }
}
