package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.CheckedRows;
import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * One step of a table with keys. It writes to the folder of its commit: {@code work}, what it computes with, unless that is little;
 * {@code deleted} or {@code events}, what later steps have to know besides the rows; and, where the table is built anew,
 * {@code rows}, the Delta table. Then it commits to the Delta table.
 */
final class KeyedStep {
    private final Lake lake;
    private final SparkSession session;
    private final Table table;
    private final DailyInputs inputs;
    private final LedgerState state;
    private final Reads reads;
    /** Whether the table holds what the step reads, and no others. */
    private final boolean whole;

    private final KnownFiles files;
    private final KeyedDefinition definition;
    private final Fold fold;
    private final TableLayout layout;
    private final String commitId;
    private final RememberedFolders past;
    private final Path work;

    /** What a step reads. */
    enum Reads {
        /** What is new to its dates. */
        NEW,
        /** Of all dates, the events of keys that changes of joined inputs touch; {@link #ALL} where these can't be told. */
        TOUCHED,
        /** All events of all dates. */
        ALL
    }

    /** @param session of this step alone */
    KeyedStep(
            Lake lake,
            SparkSession session,
            Table table,
            DailyInputs inputs,
            LedgerState state,
            Reads reads,
            KnownFiles files) {
        this.lake = lake;
        this.session = session;
        this.table = table;
        this.inputs = inputs;
        this.state = state;
        this.reads = reads;
        this.whole = reads != Reads.NEW;
        this.files = files;
        this.definition = (KeyedDefinition) table.definition();
        this.fold = Fold.of(table);
        this.layout = new TableLayout(lake.target(), table);
        this.commitId = lake.newCommitId();
        this.past = new RememberedFolders(lake, session, table, commitId);
        this.work = folder(commitId + "/work");
    }

    /**
     * What a step has done.
     *
     * @param commit the entry for the ledger
     */
    record Result(Commit commit, List<String> warnings) {}

    /**
     * Runs the step.
     *
     * @param dates the dates to read, and how they stand
     * @param due those that were to be built
     * @return empty if another writer has come first
     */
    Optional<Result> run(Map<LocalDate, Staleness> dates, Set<LocalDate> due) throws IOException, InterruptedException {
        Events events = new Events(session, table, inputs, state);
        if (reads == Reads.TOUCHED) {
            plan(events, dates);
            KeptRows moved = new KeptRows(session, new Path(work, "moved"), false);
            Optional<Dataset<Row>> keys = new MovedKeys(table, state, moved).find(events, dates);
            if (keys.isEmpty()) {
                return runOverAll(dates, due);
            }
            events.only(keys.get());
        }
        Last found = last(events, dates);
        Dataset<Row> last = found.rows();
        Map<LocalDate, CheckedRows.Counts> counts = events.counts();
        boolean sameRows = state.delta().isPresent()
                && dates.values().stream().noneMatch(Staleness::redefined)
                && columns(last).equals(state.columns());
        boolean isRefused = counts.values().stream().anyMatch(counted -> counted.quarantined() > 0);
        if (reads == Reads.TOUCHED && (!sameRows || isRefused)) {
            // The rows of other keys are to change, too, or the quarantine of a date, which is written whole.
            return runOverAll(dates, due);
        }
        Map<LocalDate, Staleness> built = reads == Reads.TOUCHED ? MovedKeys.built(dates, due, counts) : dates;
        Optional<DeltaVersion> before = sameRows ? state.delta() : Optional.empty();
        String rowsFolder = before.map(DeltaVersion::folder).orElse(commitId + "/rows");
        KeyedTable rows =
                new KeyedTable(session, lake.files(), folder(rowsFolder), definition.changeFeed(), fold, files);
        List<String> known =
                whole ? List.of() : before.map(DeltaVersion::remembered).orElse(List.of());
        Optional<String> forgotten = whole ? Optional.empty() : before.flatMap(DeltaVersion::forgotten);
        Optional<Dataset<Row>> held = before.map(delta -> events.onlyTouched(rows.rows()));
        boolean wide = held.isPresent()
                && KeptRows.inMemory(last)
                        .filter(some -> rows.areWide(some.size()))
                        .isPresent();
        Changes changes = fold.changes(
                last,
                new Fold.Held(
                        held,
                        wide,
                        past.rows(known),
                        whole,
                        forgotten,
                        found.late(),
                        lake.clock().instant()),
                kept("changed", events));
        List<String> warnings = new ArrayList<>(changes.ambiguous().warnings(table, fold));
        List<String> remembered = changes.remembered().isPresent()
                ? past.with(known, changes.remembered().get())
                : known;
        long version = before.map(DeltaVersion::version).orElse(-1L);
        long transaction = before.map(DeltaVersion::transaction).orElse(0L);
        // Also where nothing changes: whoever computes on the same version must not commit as if these were not folded
        // in. Rows that give no event with one version of what they are joined with may give some with the next.
        boolean commits = before.isEmpty()
                || changes.ofRows() > 0
                || !table.snapshotInputs().isEmpty()
                || !remembered.equals(before.get().remembered())
                || counts.values().stream().anyMatch(counted -> counted.produced() > 0);
        DeltaVersion step = commits
                ? new DeltaVersion(rowsFolder, version + 1, transaction + 1, remembered, changes.since())
                        .remembering(remembered, forgotten)
                : before.orElseThrow();
        // Then what is built from the table need not be built again.
        boolean changesNothing = before.isPresent() && changes.ofRows() == 0;
        DeltaVersion next = changesNothing ? step.ofSameRows() : step;
        LateEvents late = new LateEvents(session, layout, state, whole, reasonOfLate(forgotten));
        List<PartitionVersion> quarantine = quarantine(built, counts, events, changes.late(), late);
        List<String> refused = new RefusedDates(lake, table)
                .warnings(built, date -> whole || events.isReread(date), counts, quarantine);
        Map<LocalDate, Balance> balances = balances(counts, changes, quarantine, late);
        Commit entry = lake.draft(table, commitId, Operation.BUILD)
                .columns(columns(last))
                .dates(builds(built, counts, balances, late))
                .quarantine(quarantine)
                .balance(balances.values().stream().reduce(Balance.NONE, Balance::plus))
                .delta(next)
                .build();
        // Once the Delta table has a commit, the ledger has to take its entry.
        lake.ledger(table.name()).requireBalance(entry);
        Optional<Long> made = Optional.of(version);
        if (before.isEmpty()) {
            made = Optional.of(rows.create(
                    changes.rows().select(Events.columns(changes.rows().schema())), entry, next.transaction()));
        } else if (commits) {
            made = changes.ofRows() == 0
                    ? rows.applyNothing(entry, next.transaction())
                    : rows.apply(changes.rows(), entry, next.transaction());
        }
        lake.files().delete(work, true);
        warnings.addAll(late.warnings(table.name()));
        warnings.addAll(refused);
        return made.map(number -> new Result(entry.with(next.at(number)), warnings));
    }

    /** Runs the step over all events instead. */
    private Optional<Result> runOverAll(Map<LocalDate, Staleness> dates, Set<LocalDate> due)
            throws IOException, InterruptedException {
        lake.files().delete(work, true);
        return new KeyedStep(lake, session, table, inputs, state, Reads.ALL, files).run(dates, due);
    }

    /**
     * The last events of the keys.
     *
     * @param late as {@link Fold.Split} has them
     */
    private record Last(Dataset<Row> rows, Optional<Dataset<Row>> late) {}

    /** Finds the last events of so many dates at a time that a plan over them stays small. */
    private Last last(Events events, Map<LocalDate, Staleness> dates) throws IOException, InterruptedException {
        List<LocalDate> all = List.copyOf(dates.keySet());
        Optional<DeltaVersion> before = whole ? Optional.empty() : state.delta();
        Optional<Dataset<Row>> late = Optional.empty();
        Dataset<Row> parts = null;
        for (int first = 0; first < all.size(); first += KeyedBuild.MOST_DATES) {
            Map<LocalDate, Staleness> some = new LinkedHashMap<>();
            all.subList(first, Math.min(all.size(), first + KeyedBuild.MOST_DATES))
                    .forEach(date -> some.put(date, dates.get(date)));
            Dataset<Row> accepted = events.accepted(some, whole);
            if (first == 0) {
                plan(events, dates);
            }
            KeptRows kept = kept("dates-" + first, events);
            Fold.Split split = fold.split(
                    accepted,
                    () -> past.rows(before.map(DeltaVersion::remembered).orElse(List.of())),
                    before.flatMap(DeltaVersion::forgotten),
                    kept);
            late = together(late, split.late());
            Dataset<Row> written = kept.keptOfEvents(fold.latest().of(split.events()), "last");
            parts = parts == null ? written : parts.unionByName(written);
        }
        boolean one = all.size() <= KeyedBuild.MOST_DATES;
        Dataset<Row> last =
                one ? parts : kept("dates", events).keptOfEvents(fold.latest().ofParts(parts), "last");
        return new Last(last, late);
    }

    /** Sets how Spark plans what follows. Events that are new may be few, and still all of a date be read. */
    private void plan(Events events, Map<LocalDate, Staleness> dates) throws IOException {
        if (events.size(dates, whole).isTiny() && events.read().isTiny()) {
            session.conf().set("spark.sql.shuffle.partitions", "1");
            // To plan each stage anew takes longer than the stage.
            session.conf().set("spark.sql.adaptive.enabled", "false");
        }
    }

    private static Optional<Dataset<Row>> together(Optional<Dataset<Row>> some, Optional<Dataset<Row>> more) {
        return some.isPresent() && more.isPresent()
                ? Optional.of(some.get().unionByName(more.get()))
                : some.or(() -> more);
    }

    private List<DateBuild> builds(
            Map<LocalDate, Staleness> dates,
            Map<LocalDate, CheckedRows.Counts> counts,
            Map<LocalDate, Balance> balances,
            LateEvents late)
            throws IOException {
        Map<TableName, SnapshotRead> snapshots = inputs.newestSnapshots();
        List<DateBuild> builds = new ArrayList<>();
        for (LocalDate date : dates.keySet()) {
            List<ExpectationResult> results = new ArrayList<>(counts.get(date).expectations());
            if (Tombstones.of(lake, table).isPresent()) {
                results.add(late.result(date));
            }
            builds.add(new DateBuild(
                    date, commits(date, dates.get(date)), snapshots, false, balances.get(date), List.copyOf(results)));
        }
        return builds;
    }

    /** The input commits that are folded in: also those whose rows have expired, unless rows were taken back. */
    private Map<TableName, SequenceSet> commits(LocalDate date, Staleness staleness) {
        Map<TableName, SequenceSet> commits = new TreeMap<>(inputs.commitsOf(date));
        if (!whole) {
            staleness
                    .built()
                    .ifPresent(built -> built.build()
                            .inputs()
                            .forEach((input, read) -> commits.merge(
                                    input,
                                    read.without(staleness.gone().getOrDefault(input, SequenceSet.EMPTY)),
                                    KeyedStep::both)));
        }
        return commits;
    }

    private static SequenceSet both(SequenceSet some, SequenceSet more) {
        return SequenceSet.union(
                Stream.concat(some.ranges().stream(), more.ranges().stream()).toList());
    }

    /**
     * What became of the events of each date; those that change nothing count as duplicates. Where a date's quarantine is written
     * anew, late events in it are read and refused again.
     */
    private static Map<LocalDate, Balance> balances(
            Map<LocalDate, CheckedRows.Counts> counts,
            Changes changes,
            List<PartitionVersion> quarantine,
            LateEvents late) {
        Map<LocalDate, Long> refused = new HashMap<>();
        quarantine.forEach(partition -> refused.merge(partition.date(), partition.rows(), Long::sum));
        Map<LocalDate, Balance> balances = new TreeMap<>();
        counts.forEach((date, counted) -> {
            long quarantined = refused.getOrDefault(date, 0L);
            long again = quarantined == 0 ? 0 : late.before(date);
            long read = counted.produced() + again;
            long written = changes.events().getOrDefault(date, 0L);
            long superseded = read - quarantined - counted.dropped() - written;
            balances.put(date, new Balance(read, written, quarantined, counted.dropped(), 0, superseded, 0));
        });
        return balances;
    }

    private Map<String, String> columns(Dataset<Row> last) {
        Map<String, String> ofEvents =
                TableColumns.of(last.select(Events.columns(last.schema())).schema());
        Map<String, String> columns = new LinkedHashMap<>(ofEvents);
        columns.putAll(definition.addedColumns(ofEvents));
        return columns;
    }

    private List<PartitionVersion> quarantine(
            Map<LocalDate, Staleness> dates,
            Map<LocalDate, CheckedRows.Counts> counts,
            Events events,
            Changes.Late changed,
            LateEvents late)
            throws IOException {
        List<PartitionVersion> quarantine = new ArrayList<>();
        for (Map.Entry<LocalDate, Staleness> date : dates.entrySet()) {
            Set<PartitionVersion.Key> before = new HashSet<>();
            state.quarantineOf(date.getKey())
                    .forEach(placed -> before.add(placed.partition().key()));
            boolean isRefused = counts.get(date.getKey()).quarantined() > 0;
            Optional<Dataset<Row>> rows = isRefused
                    ? Optional.of(events.quarantined(date.getKey(), date.getValue(), whole))
                    : Optional.empty();
            if (changed.byDate().containsKey(date.getKey()) || isRefused && late.before(date.getKey()) > 0) {
                Dataset<Row> ofDate =
                        changed.rows().filter(functions.col(Events.DATE).equalTo(date.getKey()));
                Dataset<Row> tooLate =
                        late.quarantined(date.getKey(), ofDate, events, date.getValue(), kept("quarantined", events));
                if (late.after(date.getKey()) > 0) {
                    rows = Optional.of(
                            rows.map(others -> others.unionByName(tooLate)).orElse(tooLate));
                }
            } else if (late.before(date.getKey()) > 0) {
                continue;
            }
            if (rows.isPresent()) {
                String path = commitId + "/date=" + date.getKey();
                Path folder = new Path(layout.quarantineFolder(), path);
                rows.get().coalesce(1).write().parquet(folder.toString());
                quarantine.add(ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date.getKey()));
                before.remove(quarantine.get(quarantine.size() - 1).key());
            }
            if (!before.isEmpty()) {
                before.forEach(key -> quarantine.add(PartitionVersion.emptied(key)));
                lake.files().mkdirs(new Path(layout.quarantineFolder(), PartitionVersion.EMPTY_FOLDER));
            }
        }
        return quarantine;
    }

    private String reasonOfLate(Optional<String> forgotten) {
        return "whether its key was deleted after it is not known: deletions up to " + forgotten.orElse("now")
                + " are forgotten";
    }

    private KeptRows kept(String name, Events events) {
        return new KeptRows(session, new Path(work, name), events.areFew());
    }

    private Path folder(String path) {
        return new Path(layout.folder(), path);
    }
}
