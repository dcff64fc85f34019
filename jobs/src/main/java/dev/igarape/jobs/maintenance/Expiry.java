package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
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
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * Retention: expires partitions of a table and its quarantine after the time that the table's {@code retention}
 * declares, counted from the commit that added their rows. A date that is built by intervals expires as a whole, counted
 * from the last of these commits. Readers stop seeing all of them at once; {@link Clean} deletes the files later.
 *
 * <p>Rows of a table with keys stay until their events replace them; only its quarantine expires.
 */
public final class Expiry {
    private final Lake lake;
    private final Publishing publisher;

    public Expiry(Lake lake, Publishing publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /** Expires and publishes; does nothing if no rows are old enough or retention is forever. */
    public List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        Optional<Duration> kept = table.retentionPeriod().time();
        if (kept.isEmpty()) {
            return List.of();
        }
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("give up old dates of " + table.name(), "changed them", state -> {
            long last = ledger.lastBefore(lake.clock().instant().minus(kept.get()), state);
            boolean dated = table.has(Trait.DATED);
            List<PartitionVersion> old = old(state.partitions(), last, dated);
            List<PartitionVersion> oldQuarantine = old(state.quarantine(), last, dated);
            lake.steps().reached(Step.PLANNED);
            List<MaintenanceAction> actions = actions(table, old, oldQuarantine);
            if (dryRun) {
                return new CommitLoop.Stopped<>(actions);
            }
            if (actions.isEmpty()) {
                return new CommitLoop.Unchanged<>(() -> actions);
            }
            TableLayout layout = new TableLayout(lake.target(), table);
            lake.files().mkdirs(new Path(layout.folder(), PartitionVersion.EMPTY_FOLDER));
            lake.files().mkdirs(new Path(layout.quarantineFolder(), PartitionVersion.EMPTY_FOLDER));
            Commit draft = lake.draft(table, lake.newCommitId(), Operation.EXPIRE)
                    .partitions(emptied(old))
                    .quarantine(emptied(oldQuarantine))
                    .build();
            return new CommitLoop.Draft<>(draft, commit -> MaintenanceAction.at(commit.sequence(), actions));
        });
    }

    /** @param dated whether a date expires as a whole, when the time of the newest of its partitions is up */
    private static List<PartitionVersion> old(List<CurrentPartition> partitions, long last, boolean dated) {
        List<CurrentPartition> shown = partitions.stream()
                .filter(placed -> !placed.partition().isEmptied())
                .toList();
        Set<LocalDate> young = shown.stream()
                .filter(placed -> dated && !isOld(placed, last))
                .map(placed -> placed.partition().date())
                .collect(Collectors.toSet());
        return shown.stream()
                .filter(placed -> isOld(placed, last))
                .map(CurrentPartition::partition)
                .filter(partition -> !young.contains(partition.date()))
                .toList();
    }

    private static boolean isOld(CurrentPartition placed, long last) {
        return placed.rowsByCommit().last().orElseThrow() <= last;
    }

    private static List<PartitionVersion> emptied(List<PartitionVersion> partitions) {
        return partitions.stream()
                .map(partition -> PartitionVersion.emptied(partition.key()))
                .toList();
    }

    private static List<MaintenanceAction> actions(
            Table table, List<PartitionVersion> partitions, List<PartitionVersion> quarantine) {
        Map<LocalDate, MaintenanceAction> dates = new TreeMap<>();
        List<PartitionVersion> all = new ArrayList<>(partitions);
        all.addAll(quarantine);
        for (PartitionVersion partition : all) {
            dates.merge(
                    partition.date(),
                    new MaintenanceAction(
                            table.name(),
                            Optional.of(partition.date()),
                            "expired after " + table.retention(),
                            partition.files(),
                            partition.rows(),
                            partition.bytes(),
                            0),
                    (one, other) -> new MaintenanceAction(
                            one.table(),
                            one.date(),
                            one.what(),
                            one.files() + other.files(),
                            one.rows() + other.rows(),
                            one.bytes() + other.bytes(),
                            0));
        }
        return List.copyOf(dates.values());
    }
}
