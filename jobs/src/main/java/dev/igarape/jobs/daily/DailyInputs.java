package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.ChangedTimes;
import dev.igarape.jobs.input.DatedInput;
import dev.igarape.jobs.input.EventTime;
import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.input.SnapshotInput;
import dev.igarape.jobs.input.SnapshotVersions;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** All inputs of a planned table, as they are at one moment. */
public final class DailyInputs {
    private static final long ONE_TASK_BYTES = 32L << 20;

    private final Table table;
    private final ZoneId zone;
    private final Map<TableName, DatedInput> inputs;
    private final Map<TableName, SnapshotInput> snapshots;

    private DailyInputs(
            Table table, ZoneId zone, Map<TableName, DatedInput> inputs, Map<TableName, SnapshotInput> snapshots) {
        this.table = table;
        this.zone = zone;
        this.inputs = inputs;
        this.snapshots = snapshots;
    }

    public static DailyInputs read(Lake lake, Table table) throws IOException {
        Map<TableName, DatedInput> inputs = new LinkedHashMap<>();
        for (Input input : table.datedInputs()) {
            inputs.put(input.table(), DatedInput.open(lake, input.table(), table.name()));
        }
        Map<TableName, SnapshotInput> snapshots = new LinkedHashMap<>();
        for (Input input : table.snapshotInputs()) {
            snapshots.put(input.table(), SnapshotInput.open(lake, input.table()));
        }
        return new DailyInputs(table, lake.timezone(table), inputs, snapshots);
    }

    /** How the table's dates stand towards these inputs. */
    public Freshness freshness(LedgerState state) {
        Map<TableName, SnapshotVersions> versions = new LinkedHashMap<>();
        snapshots.forEach((name, input) -> versions.put(name, input.versions()));
        return new Freshness(table, zone, state, versions(), versions);
    }

    /**
     * The versions of inputs without dates that hold.
     *
     * @throws LakeException NO_INPUT if one was never built
     */
    public Map<TableName, SnapshotRead> newestSnapshots() throws IOException {
        Map<TableName, SnapshotRead> newest = new LinkedHashMap<>();
        for (Map.Entry<TableName, SnapshotInput> input : snapshots.entrySet()) {
            newest.put(
                    input.getKey(), input.getValue().versions().newest().orElseThrow(() -> neverBuilt(input.getKey())));
        }
        return newest;
    }

    /** The versions with which a part of a date is built, so that it fits the rest, which was built with those. */
    Map<TableName, SnapshotRead> snapshotsLike(DateBuild rest) throws IOException {
        Map<TableName, SnapshotRead> versions = new LinkedHashMap<>();
        for (Map.Entry<TableName, SnapshotRead> read : rest.snapshots().entrySet()) {
            SnapshotInput input = snapshots.get(read.getKey());
            if (input != null) {
                versions.put(read.getKey(), input.like(read.getValue()));
            }
        }
        return versions;
    }

    private LakeException neverBuilt(TableName input) {
        return new LakeException(
                ExitCode.NO_INPUT,
                "Cannot build " + table.name() + ": " + input + " was never built. Build it first: ./lake run " + input
                        + " --date DATE, or ./lake backfill " + input + " --from A --to B.");
    }

    /** What each input with dates has. */
    public Map<TableName, InputVersions> versions() {
        Map<TableName, InputVersions> versions = new LinkedHashMap<>();
        inputs.forEach((name, input) -> versions.put(name, input.versions()));
        return versions;
    }

    /** The input commits that a date reads. */
    public Map<TableName, SequenceSet> commitsOf(LocalDate date) {
        Map<TableName, SequenceSet> commits = new TreeMap<>();
        for (Input input : table.datedInputs()) {
            commits.put(input.table(), versions(input).commits(date, reach(input)));
        }
        return commits;
    }

    /** Rows that the inputs hold for a date. */
    long rowsOf(LocalDate date) {
        return sum(date, InputVersions::rows);
    }

    /** Whether one task reads and writes all rows of a build of this scope sooner than several are started. */
    boolean isTiny(DateScope scope) throws IOException {
        return isTiny(bytesOf(scope) + bytesOfSnapshots());
    }

    /** Bytes of the files of inputs without dates, those of earlier versions too. */
    public long bytesOfSnapshots() throws IOException {
        long bytes = 0;
        for (SnapshotInput input : snapshots.values()) {
            bytes += input.bytes();
        }
        return bytes;
    }

    /** Whether one task reads and writes so many bytes sooner than several are started. */
    static boolean isTiny(long bytes) {
        return bytes <= ONE_TASK_BYTES;
    }

    /** Bytes of the inputs' files that a build of this scope may read. */
    private long bytesOf(DateScope scope) {
        return scope.isInOnePiece() ? sum(scope.date(), InputVersions::bytes) : bytesWithin(scope);
    }

    private long bytesWithin(DateScope scope) {
        long bytes = 0;
        for (Input input : table.datedInputs()) {
            Reach reach = reach(input);
            List<TimeRange> times = scope.reads(reach.time());
            for (LocalDate day : reach.datesOf(scope.date())) {
                bytes += versions(input).bytes(day, times);
            }
        }
        return bytes;
    }

    private long sum(LocalDate date, ToLongBiFunction<InputVersions, LocalDate> measure) {
        long sum = 0;
        for (Input input : table.datedInputs()) {
            for (LocalDate day : reach(input).datesOf(date)) {
                sum += measure.applyAsLong(versions(input), day);
            }
        }
        return sum;
    }

    /**
     * Refuses dates that an input lacks. A topic or folder that was landed may have no rows on a date; any other input
     * must have been built for it. Earlier dates that only a lookback reads may be missing.
     */
    void requirePresent(List<LocalDate> dates) throws IOException {
        List<String> missing = new ArrayList<>();
        if (!dates.isEmpty()) {
            newestSnapshots();
        }
        for (Input input : table.datedInputs()) {
            InputVersions versions = versions(input);
            if (!versions.isDated()) {
                if (versions.isEmpty()) {
                    missing.add(input.table() + " was never landed");
                }
                continue;
            }
            List<LocalDate> absent =
                    dates.stream().filter(d -> !versions.has(d)).toList();
            if (!absent.isEmpty()) {
                missing.add(input.table() + " has no " + summary(absent));
            }
        }
        if (!missing.isEmpty()) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot build " + table.name() + ": " + String.join("; ", missing)
                            + ". Build the input first, e.g. ./lake run "
                            + table.datedInputs().get(0).table() + " --date " + dates.get(0) + ".");
        }
    }

    static String summary(List<LocalDate> dates) {
        return dates.size() <= 3
                ? dates.toString()
                : dates.size() + " dates from " + dates.get(0) + " to " + dates.get(dates.size() - 1);
    }

    /** Each input's rows that a build of this scope reads. */
    Map<TableName, Dataset<Row>> rows(SparkSession session, DateScope scope) throws IOException {
        return rows(session, scope, this::reach);
    }

    /** Likewise, only those of the times that it computes, without those before them that a lookback reads. */
    Map<TableName, Dataset<Row>> ownRows(SparkSession session, DateScope scope) throws IOException {
        return rows(session, scope, input -> new Reach(input.lookback(), Duration.ZERO, zone));
    }

    private Map<TableName, Dataset<Row>> rows(SparkSession session, DateScope scope, Function<Input, Reach> reachOf)
            throws IOException {
        Map<TableName, Dataset<Row>> all = new LinkedHashMap<>();
        for (Input input : table.datedInputs()) {
            Reach reach = reachOf.apply(input);
            List<TimeRange> times = scope.reads(reach.time());
            Dataset<Row> rows = null;
            for (LocalDate day : reach.datesOf(scope.date())) {
                // A lookback in dates reads dates whole, and needs no times.
                boolean part = !scope.whole() || !reach.time().isZero() && day.isBefore(scope.date());
                Dataset<Row> dayRows = part
                        ? within(session, inputs.get(input.table()), day, times)
                        : inputs.get(input.table()).rows().of(session, day);
                rows = rows == null ? dayRows : rows.unionByName(dayRows);
            }
            all.put(input.table(), rows);
        }
        for (Map.Entry<TableName, SnapshotInput> input : snapshots.entrySet()) {
            SnapshotRead version = scope.snapshots().get(input.getKey());
            all.put(input.getKey(), input.getValue().rows(session, version));
        }
        return all;
    }

    /** The inputs without dates. */
    public Map<TableName, SnapshotInput> snapshots() {
        return Collections.unmodifiableMap(snapshots);
    }

    /**
     * The rows of a date that these commits brought, and perhaps others that were put together with them, of each input with
     * dates.
     */
    public Map<TableName, Dataset<Row>> rows(SparkSession session, LocalDate date, Map<TableName, SequenceSet> commits)
            throws IOException {
        Map<TableName, Dataset<Row>> all = new LinkedHashMap<>();
        for (Input input : table.datedInputs()) {
            SequenceSet wanted = commits.getOrDefault(input.table(), SequenceSet.EMPTY);
            all.put(
                    input.table(),
                    inputs.get(input.table()).rows().of(session, date, current -> isOf(current, wanted)));
        }
        return all;
    }

    /** How much there is in files. */
    public record Size(long rows, long bytes) {
        public static final Size NONE = new Size(0, 0);

        public Size plus(Size more) {
            return new Size(rows + more.rows, bytes + more.bytes);
        }

        /** Whether one task reads and writes it sooner than several are started. */
        public boolean isTiny() {
            return DailyInputs.isTiny(bytes);
        }
    }

    /** The size of the files that {@link #rows(SparkSession, LocalDate, Map)} reads. */
    public Size size(LocalDate date, Map<TableName, SequenceSet> commits) {
        Size size = Size.NONE;
        for (Input input : table.datedInputs()) {
            SequenceSet wanted = commits.getOrDefault(input.table(), SequenceSet.EMPTY);
            for (CurrentPartition current : changes(input).partitions(date, reach(input), wanted)) {
                size = size.plus(
                        new Size(current.partition().rows(), current.partition().bytes()));
            }
        }
        return size;
    }

    private static boolean isOf(CurrentPartition current, SequenceSet commits) {
        return current.rowsByCommit().parts().stream()
                .anyMatch(part -> !commits.intersection(new SequenceSet(List.of(part.commits())))
                        .isEmpty());
    }

    /** The rows of a date whose time is in one of these ranges; files without such rows are not read. */
    private Dataset<Row> within(SparkSession session, DatedInput input, LocalDate day, List<TimeRange> times)
            throws IOException {
        Dataset<Row> rows =
                input.rows().of(session, day, current -> current.partition().mayHave(times));
        return rows.filter(EventTime.within(input.eventTime(rows, zone), times));
    }

    /** The ranges of intervals in which partitions of an input have rows. */
    List<TimeRange> rowTimes(SparkSession session, Input input, List<CurrentPartition> partitions, Intervals intervals)
            throws IOException {
        DatedInput snapshot = inputs.get(input.table());
        Set<CurrentPartition> wanted = Set.copyOf(partitions);
        long length = intervals.length().toSeconds();
        List<TimeRange> ranges = new ArrayList<>();
        for (LocalDate day : partitions.stream()
                .map(current -> current.partition().date())
                .distinct()
                .toList()) {
            Dataset<Row> rows = snapshot.rows().of(session, day, wanted::contains);
            Column index = EventTime.interval(snapshot.eventTime(rows, intervals.zone()), intervals.length());
            for (Row row : rows.select(index.as("index"))
                    .filter("index IS NOT NULL")
                    .distinct()
                    .collectAsList()) {
                Instant from = Instant.ofEpochSecond(row.getLong(0) * length);
                ranges.add(new TimeRange(from, from.plusSeconds(length)));
            }
        }
        return ranges;
    }

    /** The intervals of a date whose rows may depend on rows that the inputs have. */
    List<TimeRange> times(SparkSession session, LocalDate date, Intervals intervals) throws IOException {
        List<TimeRange> times = new ArrayList<>();
        for (Input input : table.datedInputs()) {
            Reach reach = reach(input);
            SequenceSet commits = versions(input).commits(date, reach);
            for (TimeRange range :
                    rowTimes(session, input, changes(input).partitions(date, reach, commits), intervals)) {
                times.add(new TimeRange(range.from(), range.until().plus(reach.time())));
            }
        }
        return times;
    }

    /**
     * Whether a landing's rows are read with the Avro schema that they were read with by a date's last build: with a newer one,
     * old rows have its default values, too.
     */
    boolean hasSchemaOf(Input input, DateBuild build) throws IOException {
        OptionalLong read =
                build.inputs().getOrDefault(input.table(), SequenceSet.EMPTY).last();
        return read.isPresent() && inputs.get(input.table()).hasSchemaOf(read.getAsLong());
    }

    /** Likewise, of each input that the build has read. */
    boolean haveSchemasOf(DateBuild build) throws IOException {
        for (Input input : table.datedInputs()) {
            SequenceSet read = build.inputs().getOrDefault(input.table(), SequenceSet.EMPTY);
            if (!read.isEmpty() && !hasSchemaOf(input, build)) {
                return false;
            }
        }
        return true;
    }

    /** @see ChangedTimes */
    public ChangedTimes changes(Input input) {
        return inputs.get(input.table()).changes();
    }

    private Reach reach(Input input) {
        return Reach.of(input, zone);
    }

    private InputVersions versions(Input input) {
        return inputs.get(input.table()).versions();
    }
}
