package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.keyed.DeltaSteps;
import dev.igarape.jobs.keyed.Tombstones;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Compaction of a Delta table: merges small files, and drops rows that deletion vectors hide. Once small files are a good part of
 * the table, it is written anew, sorted by key; before that, they are merged by Delta's OPTIMIZE. The rows stay the same, and
 * nothing of it shows in the change feed. The ledger then names the version that this has made. Deletions that a current table has
 * remembered for long enough are dropped in the same commit ({@link Tombstones}).
 *
 * <p>A death between the two leaves a version that the ledger does not name; the next run or compaction names it.
 */
final class DeltaCompaction {
    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;

    DeltaCompaction(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
    }

    /**
     * Compacts and publishes; does nothing before the first build.
     *
     * @throws LakeException (UNAVAILABLE) if another run changes the table meanwhile, or died before it recorded its change
     */
    List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        List<MaintenanceAction> merges = new ArrayList<>();
        AtomicBoolean maySort = new AtomicBoolean(true);
        return loop.run("compact " + table.name(), "built it", state -> {
            if (state.delta().isEmpty()) {
                return new CommitLoop.Stopped<>(List.of());
            }
            DeltaVersion known = state.delta().get();
            DeltaFiles files =
                    new DeltaFiles(spark.get(), new Path(new TableLayout(lake.target(), table).deltaFolder(known)));
            DeltaSteps steps = new DeltaSteps(lake, table);
            if (!dryRun && steps.record(ledger, state)) {
                return new CommitLoop.Overtaken<>();
            }
            if (files.hasChangedSince(known.version())) {
                if (!dryRun && steps.record(ledger, state)) {
                    return new CommitLoop.Overtaken<>();
                }
                throw overtaken(table, "a run has changed it and not recorded that yet, or died before it could");
            }
            lake.steps().reached(Step.PLANNED);
            List<MaintenanceAction> actions = new ArrayList<>();
            if (dryRun) {
                DeltaFiles.Size now = files.size();
                if (now.files() >= 2) {
                    actions.add(action(table, "would merge small files of", now));
                }
                expired(table, state, known, "", true)
                        .ifPresent(dropped -> actions.add(action(table, "would forget deletions", dropped)));
                return new CommitLoop.Stopped<>(actions);
            }
            Optional<Integer> sorted = maySort.get() && !state.hasOtherDefinitionThan(table.definitionHash())
                    ? files.sortedFiles()
                    : Optional.empty();
            if (sorted.isPresent()) {
                // A table that changes all the time has its small files merged, which steps seldom touch again.
                maySort.set(false);
                return sort(table, state, known, steps, files.size(), sorted.get());
            }
            DeltaFiles.Size merged = optimize(table, files);
            if (merged.files() > 0) {
                merges.add(action(table, "compacted", merged));
            }
            DeltaVersion same = known.at(files.lastOfSameRows(known.version()));
            String commitId = lake.newCommitId();
            Optional<Tombstones.Expired> expired = expired(table, state, same, commitId, false);
            // A retry finds nothing more to merge, but the same deletions again.
            actions.addAll(merges);
            expired.ifPresent(dropped -> actions.add(action(table, "forgot deletions", dropped)));
            DeltaVersion next = expired.map(Tombstones.Expired::version).orElse(same);
            if (next.equals(known)) {
                return new CommitLoop.Unchanged<>(() -> actions);
            }
            return new CommitLoop.Draft<>(
                    lake.draft(table, commitId, Operation.COMPACT).delta(next).build(),
                    commit -> MaintenanceAction.at(commit.sequence(), actions));
        });
    }

    /** Writes the table anew in so many files, and drops deletions. */
    private CommitLoop.Attempt<List<MaintenanceAction>> sort(
            Table table, LedgerState state, DeltaVersion known, DeltaSteps steps, DeltaFiles.Size before, int files)
            throws IOException {
        String commitId = lake.newCommitId();
        Optional<Tombstones.Expired> expired = expired(table, state, known, commitId, false);
        DeltaVersion next =
                expired.map(Tombstones.Expired::version).orElse(known).rewritten();
        Optional<Commit> made = steps.sort(
                spark.get(),
                known,
                lake.draft(table, commitId, Operation.COMPACT).delta(next).build(),
                files);
        if (made.isEmpty()) {
            return new CommitLoop.Overtaken<>();
        }
        List<MaintenanceAction> actions = new ArrayList<>(List.of(action(table, "compacted", before)));
        expired.ifPresent(dropped -> actions.add(action(table, "forgot deletions", dropped)));
        return new CommitLoop.Draft<>(made.get(), commit -> MaintenanceAction.at(commit.sequence(), actions));
    }

    /** None of a table that another definition has made: what it remembers is by that one's keys and order. */
    private Optional<Tombstones.Expired> expired(
            Table table, LedgerState state, DeltaVersion version, String commitId, boolean dryRun) throws IOException {
        Optional<Tombstones> tombstones = Tombstones.of(lake, table);
        return tombstones.isPresent() && !state.hasOtherDefinitionThan(table.definitionHash())
                ? tombstones.get().expire(spark.get(), version, commitId, dryRun)
                : Optional.empty();
    }

    private static MaintenanceAction action(Table table, String what, Tombstones.Expired expired) {
        return new MaintenanceAction(table.name(), Optional.empty(), what, 0, expired.deletions(), 0, 0);
    }

    private static DeltaFiles.Size optimize(Table table, DeltaFiles files) {
        try {
            return files.optimize();
        } catch (ConcurrentModificationException e) {
            throw overtaken(table, "another run changed the same files");
        }
    }

    private static LakeException overtaken(Table table, String why) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot compact " + table.name() + ": " + why + ". Nothing was changed. Run ./lake run " + table.name()
                        + ", and compact it again.");
    }

    private static MaintenanceAction action(Table table, String what, DeltaFiles.Size size) {
        return new MaintenanceAction(table.name(), Optional.empty(), what, size.files(), 0, size.bytes(), 0);
    }
}
