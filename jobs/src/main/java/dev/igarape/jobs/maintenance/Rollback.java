package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;

/**
 * Rollback: returns a date to an older version by a commit that refers to the older version's folders. No data are
 * written or deleted, and the replaced version can be restored in the same way.
 */
public final class Rollback {
    private final Lake lake;
    private final Publishing publisher;

    public Rollback(Lake lake, Publishing publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /**
     * Rolls back and publishes.
     *
     * @param to the commit whose version of the date is restored; empty: the version before the current one
     * @return empty if that version is the current one
     * @throws LakeException USAGE for a table without versions, or a commit without the date; NO_INPUT without an older
     *     version, or if its files are gone
     */
    public List<MaintenanceAction> run(Table table, LocalDate date, Optional<Long> to, boolean dryRun)
            throws IOException, InterruptedException {
        requireVersions(table);
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        AtomicLong given = new AtomicLong();
        return loop.run("roll back " + table.name() + " for " + date, "built it", state -> {
            long shown = shown(table, state, date);
            Commit wanted =
                    to.isPresent() ? chosen(table, ledger, state, date, to.get()) : before(table, ledger, date, shown);
            lake.steps().reached(Step.PLANNED);
            if (origin(wanted, date) == shown) {
                return dryRun ? new CommitLoop.Stopped<>(List.of()) : new CommitLoop.Unchanged<>(List::of);
            }
            long shownBefore = given.getAndSet(shown);
            if (to.isEmpty() && shownBefore > 0 && shown != shownBefore) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Cannot roll back " + table.name() + " for " + date + ": another run has replaced commit "
                                + shownBefore + " by commit " + shown
                                + " meanwhile. Look at it, and run again if it is to go, too.");
            }
            Commit draft = draft(table, ledger, state, wanted, date);
            requireFolders(table, ledger, state, wanted, draft);
            PartitionVersion version = draft.partitions().get(0);
            MaintenanceAction action = new MaintenanceAction(
                    table.name(),
                    Optional.of(date),
                    "rolled back from commit " + shown + " to commit " + origin(wanted, date),
                    version.files(),
                    version.rows(),
                    version.bytes(),
                    0);
            return dryRun
                    ? new CommitLoop.Stopped<>(List.of(action))
                    : new CommitLoop.Draft<>(draft, commit -> List.of(action.at(commit.sequence())));
        });
    }

    private static void requireVersions(Table table) {
        if (!table.has(Trait.DATED)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot roll back " + table.name() + ": it has no versions of a date. "
                            + (table.isIncremental()
                                    ? "Each commit of it adds what its source had got, and none may be lost."
                                    : "A view is a query; change its SQL and run it.")
                            + " Roll back a table that is built by date.");
        }
    }

    /** The commit whose version of a date is current. */
    private static long shown(Table table, LedgerState state, LocalDate date) {
        List<CurrentPartition> placed = state.partitionsOf(date);
        if (placed.isEmpty()) {
            throw new LakeException(
                    ExitCode.NO_INPUT,
                    "Cannot roll back " + table.name() + ": it has no " + date + ". Build it: ./lake run "
                            + table.name() + " --date " + date + ".");
        }
        return Collections.max(placed.get(0).rowsByCommit().keySet());
    }

    private static Commit chosen(Table table, Ledger ledger, LedgerState state, LocalDate date, long to)
            throws IOException {
        if (to >= 1 && to <= state.head()) {
            Commit commit = ledger.commit(to);
            if (has(commit, date)) {
                return commit;
            }
        }
        throw new LakeException(
                ExitCode.USAGE,
                "Cannot roll back " + table.name() + ": commit " + to + " has no version of " + date
                        + ". Leave out --to for the version before the one that is shown.");
    }

    private static Commit before(Table table, Ledger ledger, LocalDate date, long shown) throws IOException {
        for (long sequence = shown - 1; sequence >= 1; sequence--) {
            Commit commit = ledger.commit(sequence);
            if (has(commit, date) && commit.operation() != Operation.ROLLBACK) {
                return commit;
            }
        }
        throw new LakeException(
                ExitCode.NO_INPUT,
                "Cannot roll back " + table.name() + " for " + date + ": commit " + shown
                        + " is its first version. There is none before it.");
    }

    private static boolean has(Commit commit, LocalDate date) {
        return commit.dates().stream().anyMatch(build -> build.date().equals(date));
    }

    /** The commit in which a version was created: the commit itself, or for a rollback the one that it restored. */
    private static long origin(Commit commit, LocalDate date) {
        return partition(commit.partitions(), date)
                .flatMap(PartitionVersion::rowsByCommit)
                .map(rowsByCommit -> Collections.max(rowsByCommit.keySet()))
                .orElse(commit.sequence());
    }

    private static Optional<PartitionVersion> partition(List<PartitionVersion> partitions, LocalDate date) {
        return partitions.stream().filter(p -> p.date().equals(date)).findFirst();
    }

    /** The newest copy of a version, because compaction may have moved its rows and cleanup deleted the first copy. */
    private static PartitionVersion newestCopy(Ledger ledger, LedgerState state, Commit wanted, LocalDate date)
            throws IOException {
        for (long sequence = state.head(); sequence > wanted.sequence(); sequence--) {
            Commit commit = ledger.commit(sequence);
            Optional<PartitionVersion> copy = partition(commit.partitions(), date);
            if (copy.isPresent() && origin(commit, date) == origin(wanted, date)) {
                return copy.get();
            }
        }
        return partition(wanted.partitions(), date).orElseThrow();
    }

    private Commit draft(Table table, Ledger ledger, LedgerState state, Commit wanted, LocalDate date)
            throws IOException {
        PartitionVersion version = newestCopy(ledger, state, wanted, date);
        DateBuild build = wanted.dates().stream()
                .filter(b -> b.date().equals(date))
                .findFirst()
                .orElseThrow();
        boolean quarantined =
                state.quarantine().stream().anyMatch(q -> q.partition().date().equals(date));
        // Quarantined rows of the replaced version are removed with it.
        Optional<PartitionVersion> quarantine = partition(wanted.quarantine(), date)
                .or(() -> quarantined
                        ? Optional.of(PartitionVersion.emptied(
                                new PartitionVersion.Key(date, Optional.empty(), Optional.empty())))
                        : Optional.empty());
        return lake.draft(table, lake.newCommitId(), Operation.ROLLBACK)
                .definitionHash(wanted.definitionHash())
                .dates(List.of(build))
                .partitions(List.of(version.from(Map.of(origin(wanted, date), version.rows()))))
                .quarantine(quarantine.stream().toList())
                .balance(build.balance())
                .build();
    }

    private void requireFolders(Table table, Ledger ledger, LedgerState state, Commit wanted, Commit draft)
            throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        if (ledger.clearing(draft, wanted.sequence(), state.head()).isPresent()) {
            throw gone(
                    table, new Path(layout.folder(), draft.partitions().get(0).path()));
        }
        for (PartitionVersion partition : draft.partitions()) {
            require(new Path(layout.folder(), partition.path()), table);
        }
        for (PartitionVersion partition : draft.quarantine()) {
            if (partition.isEmptied()) {
                lake.files().mkdirs(new Path(layout.quarantineFolder(), partition.path()));
            } else {
                require(new Path(layout.quarantineFolder(), partition.path()), table);
            }
        }
    }

    private void require(Path folder, Table table) throws IOException {
        if (!lake.files().exists(folder)) {
            throw gone(table, folder);
        }
    }

    private static LakeException gone(Table table, Path folder) {
        return new LakeException(
                ExitCode.NO_INPUT,
                "Cannot roll back " + table.name() + ": " + folder
                        + " is gone, for ./lake clean keeps old versions for some days only. Build the date again"
                        + " with the definition that you want.");
    }
}
