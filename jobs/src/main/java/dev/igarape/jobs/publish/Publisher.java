package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Layer;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;

/**
 * Publishes a ledger's state in the metastore.
 *
 * <p>A publish compares the whole ledger with the whole table, so it also publishes commits of earlier runs that failed
 * before publishing. A publisher that publishes a table again, and finds by the lease that nobody else has in between,
 * looks only at the partitions of the commits since: it costs the same however many others there are.
 *
 * <p>One atomic call alters all partitions of dates that change; those that such a date gets in addition are added before it,
 * without rows. All partitions of other dates are added in one call. So a reader sees either a date's old version or its new
 * one. A {@link Lease} lets one publisher work on a table at a time. Because a lease can expire while its owner stalls,
 * publishing ends only when a read-back shows the ledger's head everywhere.
 *
 * <p>A Delta table has no partitions, and its readers go by its own log. One call creates it, and one call points it at
 * another folder or gives it other columns; commits that change neither need none.
 */
public final class Publisher implements Publishing, AutoCloseable {
    /** Much longer than a publish takes, but short for someone who reruns a killed job. */
    private static final Duration EXPIRY = Metastore.SOCKET_TIMEOUT.plusSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ROUNDS = 10;

    /**
     * How long a comparison of the whole table is good for. What somebody changes in the metastore by hand, or a publisher
     * that stalled and died after its lease had expired, stays no longer; and to list 100,000 partitions takes a minute
     * at worst, so no more often.
     */
    static final Duration COMPARED_FOR = Duration.ofMinutes(10);

    static final String SEQUENCE = "igarape.sequence";

    private final Target target;
    private final Configuration hadoop;
    private final FileSystem files;
    private final FolderCheck folders;
    private final Clock clock;
    private final String owner;
    private final Step.Listener steps;
    private final Map<TableName, Published> published = new HashMap<>();
    private Optional<Metastore> metastore = Optional.empty();

    /** @param owner id of the run, shown to publishers that wait for the lease */
    public Publisher(
            Target target, Configuration hadoop, FileSystem files, Clock clock, String owner, Step.Listener steps) {
        this.target = target;
        this.hadoop = hadoop;
        this.files = files;
        this.folders = new FolderCheck(files);
        this.clock = clock;
        this.owner = owner;
        this.steps = steps;
    }

    /**
     * Publishes a table; does nothing if the metastore already shows the ledger's head.
     *
     * @throws LakeException (UNAVAILABLE) if the metastore or the lease is not available
     */
    @Override
    public void publish(Table table, Ledger ledger) throws IOException, InterruptedException {
        AtomicFiles leases = Lease.folder(hadoop, target.ledgerFolder(table.name()));
        Ledger.Reading first = ledger.reading();
        if (isShown(table, first, leases)) {
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            try (Lease lease = Lease.acquire(leases, owner, clock, EXPIRY, PATIENCE)) {
                steps.reached(Step.LEASED);
                Optional<Published> now = flip(table, ledger, lease);
                if (now.isPresent()) {
                    published.put(table.name(), now.get());
                    if (now.get().isHead(ledger.reading())) {
                        steps.reached(Step.PUBLISHED);
                        return;
                    }
                }
            }
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot publish " + table.name() + ": after " + ROUNDS + " rounds the metastore still shows other"
                        + " versions than the ledger. Another publisher or a manual change works against this one;"
                        + " stop it and run ./lake repair.");
    }

    /** Whether the ledger's head is published already; asks for the whole table only where this publisher can't know. */
    private boolean isShown(Table table, Ledger.Reading reading, AtomicFiles leases) throws IOException {
        Optional<Published> before = known(table, reading);
        if (before.isPresent() && !before.get().isHead(reading)) {
            return false;
        }
        // Asked before the comparison: who publishes after this moment is noticed next time.
        OptionalLong generation = Lease.newestUnlessHeld(leases, clock);
        if (before.isPresent() && generation.equals(OptionalLong.of(before.get().generation()))) {
            return true;
        }
        published.remove(table.name());
        Instant now = clock.instant();
        Published.Tables tables = tables(table, reading.state());
        boolean shown = isUpToDate(tables, reading.state());
        if (shown && generation.isPresent()) {
            published.put(table.name(), Published.of(reading, tables, generation.getAsLong(), now));
        }
        return shown;
    }

    /** What this publisher has published last; empty where a whole comparison is due. */
    private Optional<Published> known(Table table, Ledger.Reading reading) {
        return Optional.ofNullable(published.get(table.name()))
                .filter(known -> known.isContinuedBy(reading, new TableLayout(target, table)))
                .filter(known -> clock.instant().isBefore(known.comparedAt().plus(COMPARED_FOR)));
    }

    /** Whether the metastore shows a state, by a comparison of the whole table. */
    public boolean isPublished(Table table, LedgerState state) {
        boolean shown = isUpToDate(tables(table, state), state);
        if (!shown) {
            published.remove(table.name());
        }
        return shown;
    }

    private Published.Tables tables(Table table, LedgerState state) {
        TableLayout layout = new TableLayout(target, table);
        HiveTable quarantine = layout.quarantine(state);
        // It has partitions, or exists from earlier ones.
        boolean quarantined = !state.quarantine().isEmpty()
                || metastore().table(quarantine.database(), quarantine.name()).isPresent();
        return new Published.Tables(layout.mainIfAny(state), quarantined ? Optional.of(quarantine) : Optional.empty());
    }

    private boolean isUpToDate(Published.Tables tables, LedgerState state) {
        return (tables.main().isEmpty() || isUpToDate(tables.main().get(), tables.partitions(state)))
                && (tables.quarantine().isEmpty()
                        || isUpToDate(tables.quarantine().get(), state.quarantine()));
    }

    private boolean isUpToDate(HiveTable wanted, List<CurrentPartition> placed) {
        return metastore()
                .table(wanted.database(), wanted.name())
                .filter(wanted::matches)
                .map(table -> difference(wanted, placed))
                .filter(PartitionDifference::isNone)
                .isPresent();
    }

    /** A state that is to be published while the lease is held. */
    record Turn(Ledger ledger, LedgerState state, Lease lease) {
        /**
         * Whether the metastore shows commits that this state does not include: this publisher stalled, and another one has
         * published them. If the ledger itself has no later commits, it was restored from an older backup, and its state is
         * published.
         */
        private boolean isOver(long newest) throws IOException {
            return newest > state.head() && ledger.read().head() > state.head();
        }

        /** Whether this publisher may go on. */
        boolean mayFlip(long newest) throws IOException {
            return lease.isHeld() && !isOver(newest);
        }
    }

    /**
     * One attempt to publish the ledger's head.
     *
     * @return what is shown now; empty, to be tried again, if another publisher has taken over or the metastore shows
     *     something else
     */
    private Optional<Published> flip(Table table, Ledger ledger, Lease lease) throws IOException {
        Ledger.Reading reading = ledger.reading();
        Turn turn = new Turn(ledger, reading.state(), lease);
        Optional<Published> before =
                known(table, reading).filter(known -> lease.generation() == known.generation() + 1);
        // Nothing is known until this attempt is verified.
        published.remove(table.name());
        if (before.isPresent()) {
            Published known = before.get();
            return flipSince(known, turn)
                    ? Optional.of(Published.of(reading, known.tables(), lease.generation(), known.comparedAt()))
                    : Optional.empty();
        }
        Instant now = clock.instant();
        Published.Tables tables = tables(table, reading.state());
        return flipAll(table, tables, turn) && isUpToDate(tables, reading.state())
                ? Optional.of(Published.of(reading, tables, lease.generation(), now))
                : Optional.empty();
    }

    /** Publishes what commits have changed since the last time, and reads just that back. */
    private boolean flipSince(Published known, Turn turn) throws IOException {
        Published.Tables tables = known.tables();
        LedgerState state = turn.state();
        return flipSince(known.head(), tables.quarantine(), known.quarantined(), state.quarantine(), turn)
                && flipSince(known.head(), tables.main(), known.partitions(), tables.partitions(state), turn);
    }

    /** @param shown how many partitions the metastore had after the commit {@code head} */
    private boolean flipSince(
            long head, Optional<HiveTable> wanted, int shown, List<CurrentPartition> placed, Turn turn)
            throws IOException {
        List<CurrentPartition> changed = LedgerState.since(head, placed);
        // Fewer than expected: some were cleaned away, and only a comparison of all shows which.
        if (wanted.isEmpty() || changed.isEmpty()) {
            return shown == placed.size();
        }
        PartitionDifference difference = differenceOf(wanted.get(), changed);
        return shown + difference.growth() == placed.size()
                && flip(wanted.get(), difference, turn)
                && differenceOf(wanted.get(), changed).isNone();
    }

    /** Publishes the whole table. */
    private boolean flipAll(Table table, Published.Tables tables, Turn turn) throws IOException {
        return (tables.quarantine().isEmpty()
                        || flipAll(
                                table,
                                Layer.QUARANTINE,
                                tables.quarantine().get(),
                                turn.state().quarantine(),
                                turn))
                && (tables.main().isEmpty()
                        || flipAll(
                                table,
                                table.name().layer(),
                                tables.main().get(),
                                tables.partitions(turn.state()),
                                turn));
    }

    private boolean flipAll(Table table, Layer layer, HiveTable wanted, List<CurrentPartition> placed, Turn turn)
            throws IOException {
        Metastore hive = metastore();
        Optional<org.apache.hadoop.hive.metastore.api.Table> existing = hive.table(wanted.database(), wanted.name());
        WholeTable whole = new WholeTable(hive, folders, steps, wanted);
        if (whole.isToBeReplaced(existing)) {
            return whole.replace(existing, placed, turn);
        }
        String database = new TableLayout(target, table).databaseFolder(layer);
        if (!wanted.isPartitioned()) {
            return whole.flip(existing, database, turn);
        }
        if (existing.isEmpty()) {
            hive.ensureDatabase(wanted.database(), database);
            hive.createTable(wanted.toMetastore(turn.state().head()));
        } else if (!wanted.matches(existing.get())) {
            // Columns first, because partitions need them.
            hive.alterTable(wanted.toMetastore(turn.state().head()));
        }
        return flip(wanted, difference(wanted, placed), turn);
    }

    /** The whole table compared. */
    private PartitionDifference difference(HiveTable wanted, List<CurrentPartition> placed) {
        List<Partition> existing =
                wanted.isPartitioned() ? metastore().partitions(wanted.database(), wanted.name()) : List.of();
        return PartitionDifference.of(existing, wanted, placed);
    }

    /** Only these partitions compared. */
    private PartitionDifference differenceOf(HiveTable wanted, List<CurrentPartition> placed) {
        List<List<String>> values = placed.stream()
                .map(place -> PartitionDifference.values(wanted, place.partition()))
                .toList();
        return PartitionDifference.of(metastore().partitions(wanted, values), wanted, placed);
    }

    /** Makes the calls of a difference; false, with some of them not made, if another publisher has taken over. */
    private boolean flip(HiveTable wanted, PartitionDifference difference, Turn turn) throws IOException {
        Metastore hive = metastore();
        if (difference.needsEmptyFolder()) {
            files.mkdirs(new Path(PartitionDifference.emptyFolder(wanted)));
        }
        folders.require(difference.changed());
        folders.require(difference.added());
        if (!turn.mayFlip(difference.newest())) {
            return false;
        }
        if (!difference.born().isEmpty()) {
            hive.addPartitions(wanted.database(), wanted.name(), difference.born());
        }
        if (!difference.changed().isEmpty()) {
            hive.alterPartitions(wanted.database(), wanted.name(), difference.changed());
        }
        steps.reached(Step.ALTERED);
        if (!turn.lease().isHeld()) {
            return false;
        }
        if (!difference.added().isEmpty()) {
            hive.addPartitions(wanted.database(), wanted.name(), difference.added());
        }
        if (!difference.removed().isEmpty()) {
            hive.dropPartitions(wanted.database(), wanted.name(), difference.removed());
        }
        steps.reached(Step.ADDED);
        return true;
    }

    /** Drops the databases of a scratch target with all their tables; the files stay. */
    public void discard() {
        if (target.prefix().isEmpty()) {
            throw new IllegalArgumentException(
                    "target " + target.name() + " has no prefix, so it is no scratch target");
        }
        for (Layer layer : Layer.values()) {
            metastore().dropDatabase(target.database(layer));
        }
    }

    /** A publisher for the platform's own tables, which shares this one's connection. */
    public OpsPublisher ops() {
        return new OpsPublisher(target, hadoop, clock, owner, this::metastore);
    }

    private Metastore metastore() {
        if (metastore.isEmpty()) {
            metastore = Optional.of(Metastore.connect(target.metastore(), hadoop));
        }
        return metastore.get();
    }

    @Override
    public void close() {
        metastore.ifPresent(Metastore::close);
    }
}
