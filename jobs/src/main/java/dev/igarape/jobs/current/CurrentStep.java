package dev.igarape.jobs.current;

import dev.igarape.jobs.daily.CheckedRows;
import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * One step of a current table. It writes to the folder of its commit: {@code work/last}, the last event of each key;
 * {@code work/changes}, what these change; {@code deleted}, the keys that they delete; and, where the table is built anew,
 * {@code rows}, the Delta table. Then it commits to the Delta table.
 */
final class CurrentStep {
    /** So many folders of deletions are put together. */
    private static final int MOST_FOLDERS = 5;

    private final Lake lake;
    private final SparkSession session;
    private final Table table;
    private final DailyInputs inputs;
    private final LedgerState state;
    private final Latest latest;
    private final TableLayout layout;
    private final String commitId;
    private final Path work;

    /** @param session of this step alone */
    CurrentStep(Lake lake, SparkSession session, Table table, DailyInputs inputs, LedgerState state) {
        this.lake = lake;
        this.session = session;
        this.table = table;
        this.inputs = inputs;
        this.state = state;
        this.latest = new Latest((Definition.Current) table.definition());
        this.layout = new TableLayout(lake.target(), table);
        this.commitId = lake.newCommitId();
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
     * @param dates the dates to build, and how they stand
     * @param whole whether these are all dates, of which all events are read
     * @return empty if another writer has come first
     */
    Optional<Result> run(Map<LocalDate, Staleness> dates, boolean whole) throws IOException, InterruptedException {
        Events events = new Events(session, table, inputs, state);
        if (events.isTiny(List.copyOf(dates.keySet()))) {
            session.conf().set("spark.sql.shuffle.partitions", "1");
            // To plan each stage anew takes longer than the stage.
            session.conf().set("spark.sql.adaptive.enabled", "false");
        }
        Dataset<Row> last = kept(latest.of(events.accepted(dates, whole)), "last");
        Map<LocalDate, CheckedRows.Counts> counts = events.counts();
        boolean sameRows = state.delta().isPresent()
                && dates.values().stream().noneMatch(Staleness::redefined)
                && TableColumns.of(last.select(Events.columns(last.schema())).schema())
                        .equals(state.columns());
        Optional<DeltaVersion> before = sameRows ? state.delta() : Optional.empty();
        String rowsFolder = before.map(DeltaVersion::folder).orElse(commitId + "/rows");
        KeyedTable rows =
                new KeyedTable(session, lake.files(), folder(rowsFolder), (Definition.Current) table.definition());
        Dataset<Row> changes = kept(changes(last, rows, before, whole), "changes");
        List<String> deleted = deleted(
                changes, whole ? List.of() : before.map(DeltaVersion::deleted).orElse(List.of()));
        long version = before.map(DeltaVersion::version).orElse(-1L);
        boolean merges = before.isEmpty()
                || !changes.filter(functions.col(Latest.CHANGE).notEqual(Latest.DELETE_NOTHING))
                        .isEmpty();
        Commit entry = entry(
                last,
                dates,
                counts,
                changes,
                whole,
                new DeltaVersion(rowsFolder, merges ? version + 1 : version, deleted),
                events);
        List<String> warnings = warnings(Latest.ambiguous(last));
        Optional<Long> made = Optional.of(version);
        if (before.isEmpty()) {
            Dataset<Row> inserted = changes.filter(functions.col(Latest.CHANGE).equalTo(Latest.INSERT));
            made = Optional.of(
                    rows.create(inserted.select(Events.columns(inserted.schema())), entry, state.head() + 1));
        } else if (merges) {
            made = rows.apply(changes, entry, version, state.head() + 1);
        }
        lake.files().delete(work, true);
        return made.map(number -> new Result(entry.with(new DeltaVersion(rowsFolder, number, deleted)), warnings));
    }

    private Dataset<Row> changes(Dataset<Row> last, KeyedTable rows, Optional<DeltaVersion> before, boolean whole) {
        if (before.isEmpty()) {
            Dataset<Row> none = last.select(Events.columns(last.schema())).limit(0);
            return latest.differences(last, none);
        }
        if (whole) {
            return latest.differences(last, rows.rows());
        }
        return latest.changes(last, rows.rows(), deletions(before.get().deleted()));
    }

    private Optional<Dataset<Row>> deletions(List<String> folders) {
        return folders.isEmpty()
                ? Optional.empty()
                : Optional.of(session.read()
                        .parquet(folders.stream()
                                .map(path -> folder(path).toString())
                                .toArray(String[]::new)));
    }

    /** The folders with the deletions of all steps so far and of these changes. */
    private List<String> deleted(Dataset<Row> changes, List<String> before) throws IOException {
        Dataset<Row> deletions = latest.deletions(changes);
        List<String> folders = new ArrayList<>(before);
        if (deletions.isEmpty()) {
            return folders;
        }
        String path = commitId + "/deleted";
        if (before.size() >= MOST_FOLDERS) {
            deletions =
                    latest.lastDeletions(deletions.unionByName(deletions(before).orElseThrow()));
            folders.clear();
        }
        deletions.coalesce(1).write().parquet(folder(path).toString());
        folders.add(path);
        return folders;
    }

    private Commit entry(
            Dataset<Row> last,
            Map<LocalDate, Staleness> dates,
            Map<LocalDate, CheckedRows.Counts> counts,
            Dataset<Row> changes,
            boolean whole,
            DeltaVersion version,
            Events events)
            throws IOException {
        Map<LocalDate, Long> changed = new HashMap<>();
        for (Row row : changes.filter(functions.col(Latest.CHANGE).notEqual(Latest.WITHDRAW))
                .groupBy(Events.DATE)
                .count()
                .collectAsList()) {
            changed.put(row.getLocalDate(0), row.getLong(1));
        }
        List<DateBuild> builds = new ArrayList<>();
        Balance balance = Balance.NONE;
        for (LocalDate date : dates.keySet()) {
            CheckedRows.Counts counted = counts.get(date);
            long written = changed.getOrDefault(date, 0L);
            long superseded = counted.produced() - counted.quarantined() - counted.dropped() - written;
            Balance ofDate = new Balance(
                    counted.produced(), written, counted.quarantined(), counted.dropped(), 0, superseded, 0);
            builds.add(new DateBuild(date, inputs.commitsOf(date), false, ofDate, counted.expectations()));
            balance = balance.plus(ofDate);
        }
        return lake.draft(table, commitId, Operation.BUILD)
                .columns(TableColumns.of(
                        last.select(Events.columns(last.schema())).schema()))
                .dates(builds)
                .quarantine(quarantine(dates, counts, whole, events))
                .balance(balance)
                .delta(version)
                .build();
    }

    private List<PartitionVersion> quarantine(
            Map<LocalDate, Staleness> dates, Map<LocalDate, CheckedRows.Counts> counts, boolean whole, Events events)
            throws IOException {
        List<PartitionVersion> quarantine = new ArrayList<>();
        for (Map.Entry<LocalDate, Staleness> date : dates.entrySet()) {
            boolean had = state.quarantine().stream()
                    .anyMatch(placed -> placed.partition().date().equals(date.getKey())
                            && placed.partition().rows() > 0);
            if (counts.get(date.getKey()).quarantined() > 0) {
                String path = commitId + "/date=" + date.getKey();
                Path folder = new Path(layout.quarantineFolder(), path);
                events.quarantined(date.getKey(), date.getValue(), whole)
                        .coalesce(1)
                        .write()
                        .parquet(folder.toString());
                quarantine.add(ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date.getKey()));
            } else if (had) {
                quarantine.add(PartitionVersion.emptied(
                        new PartitionVersion.Key(date.getKey(), Optional.empty(), Optional.empty())));
                lake.files().mkdirs(new Path(layout.quarantineFolder(), PartitionVersion.EMPTY_FOLDER));
            }
        }
        return quarantine;
    }

    private List<String> warnings(long ambiguous) {
        return ambiguous == 0
                ? List.of()
                : List.of(ambiguous + (ambiguous == 1 ? " key has" : " keys have")
                        + " a last event that shares its sequence with another event of other content; the one whose content"
                        + " sorts last stands. Add a column to sequence_by of " + table.name()
                        + " that tells them apart, such as the offset.");
    }

    /** The rows, written once, so that each further use reads the same. */
    private Dataset<Row> kept(Dataset<Row> rows, String name) {
        String path = new Path(work, name).toString();
        rows.write().parquet(path);
        return session.read().parquet(path);
    }

    private Path folder(String path) {
        return new Path(layout.folder(), path);
    }
}
