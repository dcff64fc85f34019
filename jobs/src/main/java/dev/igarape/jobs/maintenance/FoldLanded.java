package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Cleaned;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * Merges the batches of a landing's dates while more of them come, so that a landing that commits every second has few
 * files. Needs no Spark; meant to be called each minute.
 *
 * <p>Merged are batches whose rows follow each other in event time, so that whoever reads some minutes of a date need not
 * read much more. Batches of a wide range, as late rows make them, are merged among themselves. What has been merged is
 * merged again once there are as many of the next size, so that a date has at most some times {@link Limits#batches}
 * partitions with rows.
 */
public final class FoldLanded {
    private final Lake lake;
    private final Publishing publisher;
    private final Limits limits;

    public FoldLanded(Lake lake, Publishing publisher, Limits limits) {
        this.lake = lake;
        this.publisher = publisher;
        this.limits = limits;
    }

    /**
     * When batches are merged.
     *
     * @param batches as soon as there are so many of a size
     * @param age or as soon as the oldest one that was never merged is older than this
     * @param span longest range of event times that batches are merged to, times {@code batches} for each further size
     * @param listed how long an emptied partition stays for readers that have listed it before: longer than their queries,
     *     which fail without it. A landing that commits each second has 3,600 of them an hour
     * @param dropped how many emptied partitions are dropped at once, for that has the next publish look at all others
     */
    public record Limits(int batches, Duration age, Duration span, Duration listed, int dropped) {
        public static final Limits DEFAULT =
                new Limits(60, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofHours(1), 600);

        public Limits {
            if (batches < 2) {
                throw new IllegalArgumentException("batches are " + batches + "; at least 2 can be merged");
            }
        }

        /** The number of times that a partition's rows were merged, as its number of commits tells. */
        private int size(CurrentPartition placed) {
            int size = 0;
            for (long commits = placed.rowsByCommit().commits().size(); commits > batches / 2; commits /= batches) {
                size++;
            }
            return placed.partition().rowsByCommit().isPresent() ? Math.max(1, size) : 0;
        }

        /** The longest range of a batch that was merged so often. */
        private Duration span(int size) {
            Duration allowed = span;
            for (int i = 1; i < size; i++) {
                allowed = allowed.multipliedBy(batches);
            }
            return allowed;
        }
    }

    /** Batches that become one. */
    private record Fold(MergedPart part, List<CurrentPartition> batches) {}

    /** Batches of which a fold may be made: of one part of a date, one size, and all of them of a wide range or none. */
    private record Kind(MergedPart part, int size, boolean wide) {}

    /** Folds and publishes; does nothing if there are too few batches, and for tables that are no landing of what is new. */
    public List<MaintenanceAction> run(Table table) throws IOException, InterruptedException {
        if (!table.isIncremental() || !table.has(Trait.COMPACTED)) {
            return List.of();
        }
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("merge batches of " + table.name(), "changed them", state -> {
            List<Fold> folds = folds(table, ledger, state);
            lake.steps().reached(Step.PLANNED);
            if (folds.isEmpty()) {
                return new CommitLoop.Stopped<>(List.of());
            }
            List<MaintenanceAction> actions = folds.stream()
                    .map(fold -> fold.part().action(table.name(), "merged", fold.batches()))
                    .toList();
            return new CommitLoop.Draft<>(
                    write(table, ledger, state, folds), commit -> MaintenanceAction.at(commit.sequence(), actions));
        });
    }

    private List<Fold> folds(Table table, Ledger ledger, LedgerState state) throws IOException {
        Map<Kind, List<CurrentPartition>> kinds = new TreeMap<>(
                Comparator.comparing(Kind::part).thenComparing(Kind::size).thenComparing(Kind::wide));
        for (CurrentPartition placed : state.partitions()) {
            PartitionVersion partition = placed.partition();
            if (!partition.isEmptied() && partition.bytes() < MergedPartition.LARGE) {
                int size = limits.size(placed);
                Kind kind = new Kind(MergedPart.of(table, partition), size, isWide(partition, limits.span(size)));
                kinds.computeIfAbsent(kind, key -> new ArrayList<>()).add(placed);
            }
        }
        List<Fold> folds = new ArrayList<>();
        for (Map.Entry<Kind, List<CurrentPartition>> kind : kinds.entrySet()) {
            List<CurrentPartition> batches = kind.getValue();
            if (batches.size() >= limits.batches()
                    || kind.getKey().size() == 0 && batches.size() > 1 && isOld(ledger, batches)) {
                groups(kind.getKey(), batches).stream()
                        .filter(group -> group.size() > 1)
                        .forEach(group -> folds.add(new Fold(kind.getKey().part(), group)));
            }
        }
        return folds;
    }

    /** Whether event times are not known, or spread further than a merged batch may. */
    private static boolean isWide(PartitionVersion partition, Duration span) {
        return partition.times().filter(times -> isWithin(times, span)).isEmpty();
    }

    private static boolean isWithin(TimeRange times, Duration span) {
        return !times.from().plus(span).isBefore(times.until());
    }

    private boolean isOld(Ledger ledger, List<CurrentPartition> batches) throws IOException {
        long first =
                batches.stream().mapToLong(CurrentPartition::sequence).min().orElseThrow();
        return ledger.commit(first)
                .committedAt()
                .isBefore(lake.clock().instant().minus(limits.age()));
    }

    /** Batches that follow each other in event time, in groups that spread no further than a merged batch may. */
    private List<List<CurrentPartition>> groups(Kind kind, List<CurrentPartition> batches) {
        if (kind.wide()) {
            return List.of(batches);
        }
        Duration span = limits.span(kind.size() + 1);
        List<CurrentPartition> ordered = batches.stream()
                .sorted(Comparator.comparing(placed -> times(placed).from()))
                .toList();
        List<List<CurrentPartition>> groups = new ArrayList<>();
        Optional<TimeRange> spanned = Optional.empty();
        for (CurrentPartition placed : ordered) {
            Optional<TimeRange> with =
                    spanned.map(range -> range.span(times(placed))).filter(range -> isWithin(range, span));
            if (with.isEmpty()) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(placed);
            spanned = Optional.of(with.orElse(times(placed)));
        }
        return groups;
    }

    private static TimeRange times(CurrentPartition placed) {
        return placed.partition().times().orElseThrow();
    }

    private Commit write(Table table, Ledger ledger, LedgerState state, List<Fold> folds) throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        String commitId = lake.newCommitId();
        List<PartitionVersion> partitions = new ArrayList<>();
        long rows = 0;
        for (int i = 0; i < folds.size(); i++) {
            Fold fold = folds.get(i);
            PartitionVersion merged = MergedPartition.ofAvro(
                    lake,
                    fold.batches(),
                    layout.folder(),
                    commitId + "/" + fold.part().path() + "/" + i);
            rows += merged.rows();
            partitions.add(merged);
            fold.batches().stream()
                    .map(placed -> placed.partition().key())
                    .filter(key -> !key.equals(merged.key()))
                    .forEach(key -> partitions.add(PartitionVersion.emptied(key)));
        }
        lake.files().mkdirs(new Path(layout.folder(), PartitionVersion.EMPTY_FOLDER));
        return lake.draft(table, commitId, Operation.COMPACT)
                .partitions(partitions)
                .balance(Balance.landed(rows, rows, 0))
                .cleaned(new Cleaned(unlisted(ledger, state), List.of(), List.of(), List.of()))
                .build();
    }

    /** Partitions that were emptied so long ago that no reader has listed them before, if they are enough. */
    private List<PartitionVersion.Key> unlisted(Ledger ledger, LedgerState state) throws IOException {
        Instant before = lake.clock().instant().minus(limits.listed());
        long last = ledger.lastBefore(before, state);
        List<PartitionVersion.Key> unlisted = state.partitions().stream()
                .filter(placed -> placed.partition().isEmptied() && placed.sequence() <= last)
                .map(placed -> placed.partition().key())
                .toList();
        return unlisted.size() < limits.dropped() ? List.of() : unlisted;
    }
}
