package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Cleaned;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DeltaVersion;
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
import dev.igarape.model.job.MaintenanceAction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Cleanup: deletes folders that no reader can need, namely those of replaced versions and those of runs that died
 * before their commit. Folders that any ledger state within the retention time refers to are kept.
 *
 * <p>The deletion is first recorded by a commit, so that a run that was paused for the whole retention time can no
 * longer commit these folders; then the files are deleted. If that fails, the next cleanup deletes the rest.
 *
 * <p>The folder of a Delta table is kept as long as a version in it may be read; Delta's VACUUM deletes the files in it that
 * no version of the last {@link #KEPT} needs. How long it keeps them can't be shortened, because the change feed and pinned
 * versions need them.
 */
public final class Clean {
    /** Longer than any query or pause of a run. */
    public static final Duration KEPT = Duration.ofDays(7);

    private final Lake lake;
    private final Publishing publisher;
    private final Duration kept;
    private final Supplier<SparkSession> spark;

    /**
     * @param kept how long folders are kept after they were replaced
     * @param spark used only for Delta tables
     */
    public Clean(Lake lake, Publishing publisher, Duration kept, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.kept = kept;
        this.spark = spark;
    }

    /** Cleans up the folders of a table and of its quarantine table. */
    public List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        Instant before = lake.clock().instant().minus(kept);
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        List<MaintenanceAction> done =
                loop.run("clean " + table.name(), "went back to what was to be deleted", state -> {
                    if (state.head() == 0) {
                        return new CommitLoop.Stopped<>(List.of());
                    }
                    if (lacksAVersion(table, state)) {
                        return new CommitLoop.Stopped<>(List.of(new MaintenanceAction(
                                table.name(),
                                Optional.empty(),
                                "left as it is: a run has changed it and not recorded that; run it, then clean again",
                                0,
                                0,
                                0,
                                0)));
                    }
                    Cleaned away = away(table, ledger, state, before);
                    lake.steps().reached(Step.PLANNED);
                    List<MaintenanceAction> actions = actions(table, away);
                    if (dryRun || away.isNone()) {
                        return new CommitLoop.Stopped<>(actions);
                    }
                    Commit draft = lake.draft(table, lake.newCommitId(), Operation.CLEAN)
                            .cleaned(away)
                            .build();
                    return new CommitLoop.Draft<>(draft, commit -> {
                        delete(table, away);
                        ledger.discardUnfinished(before);
                        return MaintenanceAction.at(commit.sequence(), actions);
                    });
                });
        List<MaintenanceAction> all = new ArrayList<>(done);
        all.addAll(vacuum(table, ledger.read(), dryRun));
        return all;
    }

    /**
     * Whether a Delta table has a version that its ledger does not know, so that nobody can tell which folders it needs. The
     * run that made it died, or is about to record it.
     */
    private boolean lacksAVersion(Table table, LedgerState state) throws IOException {
        if (!table.has(Trait.KEYED) || state.delta().isEmpty()) {
            return false;
        }
        DeltaVersion known = state.delta().get();
        String next = String.format("_delta_log/%020d.json", known.version() + 1);
        return lake.files().exists(new Path(new TableLayout(lake.target(), table).deltaFolder(known), next));
    }

    private List<MaintenanceAction> vacuum(Table table, LedgerState state, boolean dryRun) throws IOException {
        if (!table.has(Trait.KEYED) || state.delta().isEmpty()) {
            return List.of();
        }
        Path folder = new Path(
                new TableLayout(lake.target(), table).deltaFolder(state.delta().get()));
        DeltaFiles files = new DeltaFiles(spark.get(), folder);
        Duration longest = kept.compareTo(KEPT) < 0 ? KEPT : kept;
        List<Path> unneeded = files.vacuumable(longest);
        if (unneeded.isEmpty()) {
            return List.of();
        }
        long bytes = 0;
        for (Path file : unneeded) {
            bytes += lake.files().getContentSummary(file).getLength();
        }
        if (!dryRun) {
            files.vacuum(longest);
        }
        return List.of(new MaintenanceAction(
                table.name(),
                Optional.empty(),
                "deleted files that no version of the last days needs",
                unneeded.size(),
                0,
                bytes,
                0));
    }

    private Cleaned away(Table table, Ledger ledger, LedgerState state, Instant before) throws IOException {
        long last = ledger.lastBefore(before, state);
        LedgerState oldest = ledger.readAt(last);
        TreeSet<String> main = paths(oldest.partitions());
        TreeSet<String> quarantine = paths(oldest.quarantine());
        oldest.delta().ifPresent(version -> main.addAll(version.folders()));
        for (long sequence = last + 1; sequence <= state.head(); sequence++) {
            Commit commit = ledger.commit(sequence);
            commit.partitions().forEach(partition -> main.add(partition.path()));
            commit.delta().ifPresent(version -> main.addAll(version.folders()));
            commit.quarantine().forEach(partition -> quarantine.add(partition.path()));
        }
        TableLayout layout = new TableLayout(lake.target(), table);
        return new Cleaned(
                table.has(Trait.DATED) ? emptiedOfDates(state.partitions(), last) : emptied(state.partitions(), last),
                emptied(state.quarantine(), last),
                unneeded(new Path(layout.folder()), main, before),
                unneeded(new Path(layout.quarantineFolder()), quarantine, before));
    }

    private static TreeSet<String> paths(List<CurrentPartition> partitions) {
        TreeSet<String> paths = new TreeSet<>();
        partitions.forEach(placed -> paths.add(placed.partition().path()));
        return paths;
    }

    /** Partitions that have been empty for so long that no query can still use them. */
    private static List<PartitionVersion.Key> emptied(List<CurrentPartition> partitions, long last) {
        return partitions.stream()
                .filter(placed -> placed.partition().isEmptied() && placed.sequence() <= last)
                .map(placed -> placed.partition().key())
                .toList();
    }

    /**
     * Likewise of a table that has versions of dates. A date that is built by intervals keeps all its partitions, since
     * only those that readers have listed can be changed at once; a date in one piece loses all that are emptied together.
     */
    private static List<PartitionVersion.Key> emptiedOfDates(List<CurrentPartition> partitions, long last) {
        Set<LocalDate> kept = partitions.stream()
                .filter(placed -> placed.partition().isEmptied()
                        ? placed.sequence() > last
                        : placed.partition().interval().isPresent())
                .map(placed -> placed.partition().date())
                .collect(Collectors.toSet());
        return emptied(partitions, last).stream()
                .filter(key -> !kept.contains(key.date()))
                .toList();
    }

    /** Folders of commits, or parts of them, that were created before a moment and contain none of the needed paths. */
    private List<String> unneeded(Path root, TreeSet<String> needed, Instant before) throws IOException {
        List<String> unneeded = new ArrayList<>();
        for (Path folder : folders(root)) {
            boolean old = Lake.madeAt(folder.getName())
                    .map(made -> made.isBefore(before))
                    .orElse(false);
            if (old) {
                collect(folder, folder.getName(), needed, unneeded);
            }
        }
        return unneeded;
    }

    private void collect(Path folder, String path, TreeSet<String> needed, List<String> unneeded) throws IOException {
        if (needed.contains(path)) {
            return;
        }
        String below = needed.ceiling(path + "/");
        if (below == null || !below.startsWith(path + "/")) {
            unneeded.add(path);
            return;
        }
        for (Path child : folders(folder)) {
            collect(child, path + "/" + child.getName(), needed, unneeded);
        }
    }

    private List<Path> folders(Path folder) throws IOException {
        List<Path> folders = new ArrayList<>();
        try {
            for (FileStatus status : lake.files().listStatus(folder)) {
                if (status.isDirectory()) {
                    folders.add(status.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return folders;
    }

    private List<MaintenanceAction> actions(Table table, Cleaned away) throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        List<MaintenanceAction> actions = new ArrayList<>();
        for (String folder : away.folders()) {
            actions.add(action(table, "deleted " + folder, new Path(layout.folder(), folder)));
        }
        for (String folder : away.quarantineFolders()) {
            actions.add(
                    action(table, "deleted " + folder + " in quarantine", new Path(layout.quarantineFolder(), folder)));
        }
        int partitions = away.partitions().size() + away.quarantine().size();
        if (partitions > 0) {
            actions.add(new MaintenanceAction(
                    table.name(), Optional.empty(), "dropped " + partitions + " emptied partitions", 0, 0, 0, 0));
        }
        return actions;
    }

    private MaintenanceAction action(Table table, String what, Path folder) throws IOException {
        ContentSummary content = lake.files().getContentSummary(folder);
        return new MaintenanceAction(
                table.name(), Optional.empty(), what, content.getFileCount(), 0, content.getLength(), 0);
    }

    private void delete(Table table, Cleaned away) throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        for (String folder : away.folders()) {
            lake.files().delete(new Path(layout.folder(), folder), true);
        }
        for (String folder : away.quarantineFolders()) {
            lake.files().delete(new Path(layout.quarantineFolder(), folder), true);
        }
    }
}
