package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.ChangedTimes;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Input;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.sql.SqlTemplate;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Adds the rows of new input commits to what stands of a date, and does not compute that again.
 *
 * <p>That gives the same rows where the query works row by row, over one Kafka landing that has only got rows since the date's last
 * build. The row groups that stand are copied as they are, so a step costs what its new rows cost, and some bytes.
 */
final class DateAppend {
    /** More is written sooner by many tasks, in files of their own. */
    private static final long MOST_ADDED_BYTES = 128L << 20;

    private final Lake lake;
    private final Table table;
    private final ZoneId zone;
    private final DailyInputs inputs;
    private final LedgerState state;
    private final DateFiles files;
    /** Whether the query works row by row and has one input. */
    private final boolean rowByRow;

    /** @param state of the table's ledger, which the commit will follow */
    DateAppend(Lake lake, Table table, DailyInputs inputs, LedgerState state, DateFiles files) {
        this.lake = lake;
        this.table = table;
        this.zone = lake.timezone(table);
        this.inputs = inputs;
        this.state = state;
        this.files = files;
        this.rowByRow = table.inputs().size() == 1
                && !new SparkSqlParser()
                        .parse(SqlTemplate.forParsing(table.definition().query().orElseThrow()))
                        .mixesRows();
    }

    /**
     * Writes a date with its new rows.
     *
     * @return empty, with nothing left of it, where the date is to be computed again
     */
    Optional<DateWriter.Written> write(SparkSession parent, LocalDate date, Staleness staleness)
            throws IOException, InterruptedException {
        Optional<List<CurrentPartition>> came = came(date, staleness);
        Optional<Standing> standing = came.isEmpty() ? Optional.empty() : Standing.of(lake, table, state, date);
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        SparkSession session = parent.newSession();
        try {
            Optional<DateWriter.Written> written = write(session, date, staleness, came.get(), standing.get());
            if (written.isEmpty()) {
                files.discard(date);
            }
            return written;
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            // Scala does not declare its exceptions; deep SQL and large values end in VirtualMachineErrors.
            throw new QueryFailure(table, date, () -> rows(session, date, staleness)).explain(e);
        }
    }

    /**
     * The input's partitions with the rows that are to be added; empty if something else has changed, too, or if they hold
     * other rows besides.
     */
    private Optional<List<CurrentPartition>> came(LocalDate date, Staleness staleness) throws IOException {
        boolean onlyGot = staleness.built().isPresent()
                && !staleness.redefined()
                && !staleness.isFrozen()
                && staleness.gone().isEmpty()
                && staleness.outdated().isEmpty();
        if (!rowByRow || !onlyGot || table.datedInputs().isEmpty()) {
            return Optional.empty();
        }
        Input input = table.datedInputs().get(0);
        Reach reach = Reach.of(input, zone);
        // Of landings, those from Kafka only add rows; a file that has changed replaces its own.
        if (lake.table(input.table()).definition().kafka().isEmpty()
                || !reach.datesOf(date).equals(List.of(date))
                || !inputs.hasSchemaOf(input, staleness.built().get().build())) {
            return Optional.empty();
        }
        SequenceSet unread = staleness.unreadOf(input.table());
        ChangedTimes changes = inputs.changes(input);
        List<CurrentPartition> partitions = changes.partitions(date, reach, unread);
        long bytes = partitions.stream()
                .mapToLong(current -> current.partition().bytes())
                .sum();
        return bytes <= MOST_ADDED_BYTES
                        && partitions.stream()
                                .allMatch(came -> came.rowsByCommit()
                                        .commits()
                                        .without(unread)
                                        .isEmpty())
                ? Optional.of(partitions)
                : Optional.empty();
    }

    private Map<TableName, Dataset<Row>> rows(SparkSession session, LocalDate date, Staleness staleness)
            throws IOException {
        return inputs.rows(session, date, staleness.unread());
    }

    private Optional<DateWriter.Written> write(
            SparkSession session, LocalDate date, Staleness staleness, List<CurrentPartition> came, Standing standing)
            throws IOException, InterruptedException {
        long bytes =
                came.stream().mapToLong(current -> current.partition().bytes()).sum();
        boolean tiny = DailyInputs.isTiny(bytes);
        DateFiles.configure(session, zone, tiny);
        DateQuery query = new DateQuery(table, inputs);
        Dataset<Row> rows = query.rows(session, date, rows(session, date, staleness), tiny);
        TableColumns.requireReadable(rows.schema(), files.keys(), "The query of " + table.name());
        RowShape shape = RowShape.of(rows.queryExecution().analyzed());
        // What the parser does not see, such as a function that makes several rows of one, shows in the analysed query.
        if (!shape.rowWise() || !standing.columns().equals(TableColumns.of(rows.schema()))) {
            return Optional.empty();
        }
        Dataset<Row> placed = standing.isInOnePiece() ? rows : rows.withColumn(CheckedRows.INTERVAL, query.interval());
        DateScope whole = DateScope.inOnePiece(date, zone, Map.of());
        boolean timed = table.definition().time().isPresent();
        CheckedRows checked = new CheckedRows(table, date, placed, query.misplaced(whole), timed);
        TableLayout layout = files.layout();
        Path folder = files.scratch(session, date, "added");
        Path quarantineFolder = files.scratch(session, date, "refused");
        try {
            DateFiles.save(checked.accepted(), !standing.isInOnePiece(), tiny, folder);
            CheckedRows.Counts counts = checked.counts();
            Optional<List<PartitionVersion>> partitions = new PartitionJoin(lake, files, session, layout.folder())
                    .all(targets(date, standing, folder), standing.partitions());
            if (partitions.isEmpty()) {
                return Optional.empty();
            }
            Optional<List<PartitionVersion>> quarantine = Optional.of(List.of());
            if (counts.quarantined() > 0) {
                boolean told = standing.isInOnePiece() || Cells.hasTimesOfInputs(lake, table);
                Column unplaced = told ? query.misplaced(whole) : functions.lit(true);
                Dataset<Row> failed = new CheckedRows(table, date, placed, unplaced).quarantined();
                DateFiles.save(failed, !standing.isInOnePiece(), tiny, quarantineFolder);
                quarantine = new PartitionJoin(lake, files, session, layout.quarantineFolder())
                        .all(targets(date, standing, quarantineFolder), standing.quarantine());
            }
            if (quarantine.isEmpty()) {
                return Optional.empty();
            }
            DateBuild before = staleness.built().orElseThrow().build();
            // The balance of a date in one piece is that of all its rows. Otherwise it is that of the intervals
            // written.
            boolean exact = standing.isInOnePiece() && before.rowWise();
            List<PartitionVersion> written = exact ? all(partitions.get(), standing.partitions()) : partitions.get();
            List<PartitionVersion> refused = exact ? all(quarantine.get(), standing.quarantine()) : quarantine.get();
            Balance kept;
            Balance added;
            if (exact) {
                long read = came.stream()
                        .mapToLong(current -> current.partition().rows())
                        .sum();
                kept = before.balance();
                added = added(read, counts, shape.filters() ? read - counts.produced() : 0);
            } else {
                long stood = kept(written, standing.partitions());
                long refusedBefore = kept(refused, standing.quarantine());
                kept = Balance.landed(stood + refusedBefore, stood, refusedBefore);
                added = added(counts.produced(), counts, 0);
            }
            DateBuild build = new DateBuild(
                            date,
                            inputs.commitsOf(date),
                            before.snapshots(),
                            exact,
                            kept.plus(added),
                            exact ? sum(before.expectations(), counts.expectations()) : counts.expectations(),
                            DateFiles.changed(counts.times()))
                    .keeping(kept);
            return Optional.of(new DateWriter.Written(build, written, refused, TableColumns.of(rows.schema())));
        } finally {
            files.deleteScratch(folder);
            files.deleteScratch(quarantineFolder);
        }
    }

    /** The balance of the new rows. */
    private static Balance added(long read, CheckedRows.Counts counts, long filtered) {
        long written = counts.produced() - counts.quarantined() - counts.dropped();
        return new Balance(read, written, counts.quarantined(), counts.dropped(), filtered, 0, 0);
    }

    /** How many rows of these partitions stood before. */
    private static long kept(List<PartitionVersion> written, Map<Key, CurrentPartition> standing) {
        return written.stream()
                .map(partition -> standing.get(partition.key()))
                .filter(Objects::nonNull)
                .mapToLong(current -> current.partition().rows())
                .sum();
    }

    /** These partitions, and those that stand and have got no rows. */
    private static List<PartitionVersion> all(List<PartitionVersion> written, Map<Key, CurrentPartition> standing) {
        Map<Key, CurrentPartition> others = new LinkedHashMap<>(standing);
        written.forEach(partition -> others.remove(partition.key()));
        List<PartitionVersion> all = new ArrayList<>(written);
        others.values().forEach(current -> all.add(current.partition().from(current.rowsByCommit())));
        return all;
    }

    /** The results of the same expectations over some rows and others. */
    private static List<ExpectationResult> sum(List<ExpectationResult> some, List<ExpectationResult> others) {
        Map<String, Long> failed = new HashMap<>();
        some.forEach(result -> failed.put(result.name(), result.failed()));
        return others.stream()
                .map(result -> new ExpectationResult(
                        result.name(), result.action(), result.failed() + failed.getOrDefault(result.name(), 0L)))
                .toList();
    }

    /** The partitions that get rows, which lie in this folder, by interval unless the date is in one piece. */
    private List<PartitionJoin.Target> targets(LocalDate date, Standing standing, Path added) throws IOException {
        if (standing.isInOnePiece()) {
            Optional<TimeRange> times = table.definition().time().map(time -> Intervals.date(date, zone));
            return List.of(new PartitionJoin.Target(List.of(added), DateFiles.onePiece(date), files.path(date), times));
        }
        List<PartitionJoin.Target> targets = new ArrayList<>();
        for (FileStatus folder : added.getFileSystem(files.hadoop()).listStatus(added)) {
            String name = folder.getPath().getName();
            if (name.equals(DateFiles.WITHOUT_INTERVAL)) {
                targets.add(new PartitionJoin.Target(
                        List.of(folder.getPath()),
                        DateFiles.onePiece(date),
                        files.path(date) + "/" + name,
                        Optional.empty()));
            } else if (name.startsWith(Storage.INTERVAL + "=")) {
                Interval interval =
                        standing.intervals().get(Long.parseLong(name.substring(Storage.INTERVAL.length() + 1)));
                targets.add(new PartitionJoin.Target(
                        List.of(folder.getPath()),
                        DateFiles.key(interval),
                        files.path(date) + "/" + name,
                        Optional.of(interval.times())));
            }
        }
        return targets;
    }
}
