package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
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
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * Rollback: returns a date to an older version by a commit that refers to the older version's folders. No data are
 * written or deleted, and the replaced version can be restored in the same way.
 *
 * <p>A version is all that the table showed of the date after a commit that built it, or some intervals of it. Its rows
 * keep the commits that they come from, so just what differs is stale in tables that are built from it.
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
     * @param to the commit whose version of the date is restored; empty: what was shown before the commit that made the
     *     current one
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
            long wanted =
                    to.isPresent() ? chosen(table, ledger, state, date, to.get()) : before(table, ledger, date, shown);
            lake.steps().reached(Step.PLANNED);
            if (wanted == shown) {
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
            long newest = newestCopy(ledger, state, date, wanted);
            List<PartitionVersion> shownThen = new ArrayList<>();
            Commit draft = draft(table, state, ledger.readAt(newest), date, shownThen);
            requireFolders(table, ledger, state, newest, draft);
            MaintenanceAction action = new MaintenanceAction(
                    table.name(),
                    Optional.of(date),
                    "rolled back from commit " + shown + " to commit " + wanted,
                    shownThen.stream().mapToInt(PartitionVersion::files).sum(),
                    shownThen.stream().mapToLong(PartitionVersion::rows).sum(),
                    shownThen.stream().mapToLong(PartitionVersion::bytes).sum(),
                    0);
            return dryRun
                    ? new CommitLoop.Stopped<>(List.of(action))
                    : new CommitLoop.Draft<>(draft, commit -> List.of(action.at(commit.sequence())));
        });
    }

    private void requireVersions(Table table) {
        if (!table.has(Trait.DATED)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot roll back " + table.name() + ": it has no versions of a date. " + remedy(table));
        }
    }

    private String remedy(Table table) {
        if (table.has(Trait.KEYED)) {
            String inputs = table.inputs().stream()
                    .map(Input::table)
                    .filter(name -> lake.table(name).has(Trait.DATED))
                    .map(name -> " or roll it back (./lake rollback " + name + " --date DATE)")
                    .collect(Collectors.joining());
            return "It has rows by key, whatever their dates. Correct the input" + inputs + ", then run ./lake run "
                    + table.name() + " --date DATE.";
        }
        return (table.isIncremental()
                        ? "Each commit of it adds what its source had got, and none may be lost."
                        : "A view is a query; change its SQL and run it.")
                + " Roll back a table that is built by date.";
    }

    /** The commit whose version of a date is current: it built the date last, or a part of it. */
    private static long shown(Table table, LedgerState state, LocalDate date) {
        return version(state, date)
                .orElseThrow(() -> new LakeException(
                        ExitCode.NO_INPUT,
                        "Cannot roll back " + table.name() + ": it has no " + date + ". Build it: ./lake run "
                                + table.name() + " --date " + date + "."));
    }

    /**
     * The version of a date in a state, which bears the number of the commit that made it; compaction and rollback keep
     * it. Empty if the state shows none.
     */
    private static Optional<Long> version(LedgerState state, LocalDate date) {
        return state.partitionsOf(date).stream()
                .flatMap(placed -> placed.rowsByCommit().last().stream().boxed())
                .max(Comparator.naturalOrder());
    }

    private static long chosen(Table table, Ledger ledger, LedgerState state, LocalDate date, long to)
            throws IOException {
        Optional<Long> version = Optional.empty();
        if (to >= 1 && to <= state.head() && has(ledger.commit(to), date)) {
            version = version(ledger.readAt(to), date);
        }
        return version.orElseThrow(() -> new LakeException(
                ExitCode.USAGE,
                "Cannot roll back " + table.name() + ": commit " + to + " has no version of " + date
                        + ". Leave out --to for the version before the one that is shown."));
    }

    private static long before(Table table, Ledger ledger, LocalDate date, long shown) throws IOException {
        Optional<Long> version = shown == 1 ? Optional.empty() : version(ledger.readAt(shown - 1), date);
        return version.orElseThrow(() -> new LakeException(
                ExitCode.NO_INPUT,
                "Cannot roll back " + table.name() + " for " + date + ": commit " + shown
                        + " is its first version. There is none before it."));
    }

    private static boolean has(Commit commit, LocalDate date) {
        return commit.dates().stream().anyMatch(build -> build.date().equals(date));
    }

    /**
     * The last commit with a copy of a version, because compaction may have moved its rows and cleanup deleted the first
     * copy.
     */
    private static long newestCopy(Ledger ledger, LedgerState state, LocalDate date, long version) throws IOException {
        for (long sequence = state.head(); sequence > version; sequence--) {
            boolean copies = ledger.commit(sequence).partitions().stream()
                    .filter(partition -> partition.date().equals(date) && !partition.isEmptied())
                    .flatMap(partition -> partition.rowsByCommit().stream())
                    .flatMap(rows -> rows.last().stream().boxed())
                    .max(Comparator.naturalOrder())
                    .filter(last -> last == version)
                    .isPresent();
            if (copies) {
                return sequence;
            }
        }
        return version;
    }

    /** @param shownThen is given the partitions with rows, which refer to the older version's folders */
    private Commit draft(
            Table table, LedgerState now, LedgerState then, LocalDate date, List<PartitionVersion> shownThen) {
        shownThen.addAll(restored(then.partitions(), date));
        List<PartitionVersion> quarantine = restored(then.quarantine(), date);
        LedgerState.Built built = then.builtOf(date).orElseThrow();
        long rows = shownThen.stream().mapToLong(PartitionVersion::rows).sum();
        long refused = quarantine.stream().mapToLong(PartitionVersion::rows).sum();
        Balance balance = built.build().balance();
        boolean whole = balance.written() == rows && balance.quarantined() == refused;
        // The last build of a date that is built by intervals has counted some of them only.
        // What changes is what the partitions hold, whatever changed when that version was built.
        DateBuild build = new DateBuild(
                date,
                built.build().inputs(),
                built.build().snapshots(),
                whole && built.build().rowWise(),
                whole ? balance : Balance.landed(rows + refused, rows, refused),
                built.build().expectations());
        return lake.draft(table, lake.newCommitId(), Operation.ROLLBACK)
                .definitionHash(built.definitionHash())
                .dates(List.of(build))
                .partitions(withEmptied(shownThen, now.partitions(), date))
                .quarantine(withEmptied(quarantine, now.quarantine(), date))
                .balance(build.balance())
                .build();
    }

    /** The partitions of a date as they were, whose rows come from the commits of then. */
    private static List<PartitionVersion> restored(List<CurrentPartition> then, LocalDate date) {
        return then.stream()
                .filter(placed -> placed.partition().date().equals(date)
                        && !placed.partition().isEmptied())
                .map(placed -> placed.partition().from(placed.rowsByCommit()))
                .toList();
    }

    /** Partitions that replace all that the date has now: those that it had not then are emptied. */
    private static List<PartitionVersion> withEmptied(
            List<PartitionVersion> restored, List<CurrentPartition> now, LocalDate date) {
        List<PartitionVersion> all = new ArrayList<>(restored);
        Set<PartitionVersion.Key> keys =
                restored.stream().map(PartitionVersion::key).collect(Collectors.toSet());
        now.stream()
                .map(CurrentPartition::partition)
                .filter(partition -> partition.date().equals(date) && !partition.isEmptied())
                .filter(partition -> !keys.contains(partition.key()))
                .forEach(partition -> all.add(PartitionVersion.emptied(partition.key())));
        return all;
    }

    private void requireFolders(Table table, Ledger ledger, LedgerState state, long copied, Commit draft)
            throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        if (ledger.clearing(draft, copied, state.head()).isPresent()) {
            throw gone(
                    table, new Path(layout.folder(), draft.partitions().get(0).path()));
        }
        requireFolders(table, layout.folder(), draft.partitions());
        requireFolders(table, layout.quarantineFolder(), draft.quarantine());
    }

    private void requireFolders(Table table, String root, List<PartitionVersion> partitions) throws IOException {
        for (PartitionVersion partition : partitions) {
            Path folder = new Path(root, partition.path());
            if (partition.path().equals(PartitionVersion.EMPTY_FOLDER)) {
                lake.files().mkdirs(folder);
            } else if (!lake.files().exists(folder)) {
                throw gone(table, folder);
            }
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
