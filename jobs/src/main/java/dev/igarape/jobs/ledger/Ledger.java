package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits of one table: numbered JSON files, each written once.
 *
 * <p>{@code <sequence>.json} is a {@link Commit}; {@code <sequence>.snapshot} is the {@link LedgerState} after it, a
 * shortcut that may be missing. Numbers have 12 digits and start at 1. {@code definition.<hash>.txt} is what a table was
 * built by, in lines for people. Keep one object for a table: it remembers what it has read, and reads only what is new.
 * It may be used by several threads.
 */
public final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int ATTEMPTS = 5;
    /** As far as the clocks of synchronised machines may differ without a word. */
    private static final Duration CLOCKS_AGREE = Duration.ofMinutes(1);

    private final TableName table;
    private final AtomicFiles files;
    private final LedgerEntries entries;
    private final LedgerReader reader;
    private final Clock clock;
    private final Step.Listener steps;
    private final ObjectMapper json = Json.mapper();
    /** Hashes of definitions that stand in the ledger, with its history: a backup that is restored may lack them. */
    private final Set<Kept> kept = ConcurrentHashMap.newKeySet();

    public Ledger(TableName table, Configuration hadoop, String folder, Clock clock, Step.Listener steps)
            throws IOException {
        this.table = table;
        this.files = new AtomicFiles(hadoop, new Path(folder));
        this.entries = new LedgerEntries(table, files);
        this.reader = new LedgerReader(entries);
        this.clock = clock;
        this.steps = steps;
    }

    /**
     * What holds now, and in which history.
     *
     * @param history the same as that of an earlier reading where all commits of that one still stand; another one for each
     *     program and whenever the ledger was restored from an older backup
     */
    public record Reading(LedgerState state, UUID history) {}

    private record Kept(UUID history, String hash) {}

    /** What holds now. */
    public LedgerState read() throws IOException {
        return reader.read().state();
    }

    /** Likewise, for those who go on from an earlier reading. */
    public Reading reading() throws IOException {
        return reader.read();
    }

    /** What held after the commit of this number; what holds now where there are fewer. */
    public LedgerState readAt(long last) throws IOException {
        return reader.readAt(last);
    }

    /** The number of the last commit that was made before a moment; 0 where there is none. */
    public long lastBefore(Instant moment, LedgerState state) throws IOException {
        long below = 0;
        long above = state.head() + 1;
        // Times never fall from one number to the next.
        while (above - below > 1) {
            long middle = below + (above - below) / 2;
            if (commit(middle).committedAt().isBefore(moment)) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return below;
    }

    /** One commit; throws FileNotFoundException where there is none of this number. */
    public Commit commit(long sequence) throws IOException {
        return entries.commit(sequence).value();
    }

    /** A commit's bytes as they stand in the ledger. */
    public byte[] content(long sequence) throws IOException {
        return files.read(LedgerEntries.commitName(sequence));
    }

    /** Puts back the bytes of a commit that the ledger has lost; returns whether its place was free. */
    public boolean restore(long sequence, byte[] content) throws IOException {
        return files.create(LedgerEntries.commitName(sequence), content);
    }

    /**
     * Keeps a definition for those who later ask what has changed since; the first text of a hash stays.
     *
     * @param hash as the commits that were built by it bear it
     */
    public void keepDefinition(String hash, String text) throws IOException {
        Kept definition = new Kept(reading().history(), hash);
        if (!kept.contains(definition)) {
            if (definition(hash).isEmpty()) {
                files.create(definitionName(hash), text.getBytes(StandardCharsets.UTF_8));
            }
            kept.add(definition);
        }
    }

    /** The definition of this hash; empty where none was kept. */
    public Optional<String> definition(String hash) throws IOException {
        try {
            return Optional.of(new String(files.read(definitionName(hash)), StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Records a commit after the state that it was built on.
     *
     * <p>Whoever takes the next number first wins it. Its time is the moment of writing, or that of the commit before
     * where this machine's clock is behind it. Where the winner touches other dates and offsets, we take the
     * number after; where it touches ours, the result is {@link CommitResult.Overtaken}. A reply that got lost is
     * settled by reading who stands there.
     *
     * @throws LakeException (EXPECTATION) if the commit does not balance
     */
    public CommitResult commit(Commit draft, LedgerState basis) throws IOException {
        return commit(draft, basis, false);
    }

    /** Records a commit only if it is the next one after the state that it was built on, whatever others touch. */
    public CommitResult commitNext(Commit draft, LedgerState basis) throws IOException {
        return commit(draft, basis, true);
    }

    private CommitResult commit(Commit draft, LedgerState basis, boolean next) throws IOException {
        requireBalance(draft);
        long sequence = basis.head() + 1;
        Instant notBefore = sequence == 1 ? Instant.EPOCH : commit(sequence - 1).committedAt();
        int failures = 0;
        while (true) {
            Commit commit = draft.at(sequence, now(notBefore));
            try {
                AtomicFiles.Prepared prepared = files.prepare(json.writeValueAsBytes(commit));
                steps.reached(Step.PREPARED);
                if (prepared.name(LedgerEntries.commitName(sequence))) {
                    steps.reached(Step.COMMITTED);
                    reader.snapshotIfDue();
                    return new CommitResult.Committed(commit);
                }
                prepared.discard();
            } catch (IOException e) {
                // The rename may have happened although its reply was lost: look who stands there, then try again.
                failures++;
                if (failures >= ATTEMPTS) {
                    throw e;
                }
                if (!exists(sequence)) {
                    continue;
                }
            }
            Commit winner = commit(sequence);
            if (winner.commitId().equals(draft.commitId())) {
                steps.reached(Step.COMMITTED);
                return new CommitResult.Committed(winner);
            }
            if (clears(winner, draft)) {
                throw clearedAway(winner);
            }
            if (next || overlap(draft, winner)) {
                return new CommitResult.Overtaken(winner);
            }
            notBefore = winner.committedAt();
            sequence++;
        }
    }

    /**
     * The time of a commit: now, but not before the commit that it follows. Retention and clean search commits by time,
     * so a clock that is behind must not put one among those that have long been there.
     */
    private Instant now(Instant notBefore) {
        Instant now = clock.instant();
        if (notBefore.isAfter(now.plus(CLOCKS_AGREE))) {
            LOG.warn(
                    "The last commit to {} was made at {}, and this machine's clock says {}: one of the two clocks is"
                            + " wrong. This commit gets the time of the last one; what retention and clean give up by"
                            + " it stays until then. Synchronise the clocks",
                    table,
                    notBefore,
                    now);
        }
        return now.isBefore(notBefore) ? notBefore : now;
    }

    /**
     * The commit behind {@code after}, up to {@code last}, that cleared away files which a draft points at: they may still
     * be there, on their way out.
     */
    public Optional<Commit> clearing(Commit draft, long after, long last) throws IOException {
        for (long sequence = after + 1; sequence <= last; sequence++) {
            Commit commit = commit(sequence);
            if (clears(commit, draft)) {
                return Optional.of(commit);
            }
        }
        return Optional.empty();
    }

    /**
     * Refuses to commit a draft anew, on a later state than that of its writing, whose files were cleared away meanwhile.
     *
     * @throws LakeException (UNAVAILABLE)
     */
    public void requireFiles(Commit draft, LedgerState written, LedgerState now) throws IOException {
        Optional<Commit> clearing = clearing(draft, written.head(), now.head());
        if (clearing.isPresent()) {
            throw clearedAway(clearing.get());
        }
    }

    /** Deletes entries that jobs prepared before a moment and never committed. */
    public void discardUnfinished(Instant before) throws IOException {
        files.discardUnfinished(before);
    }

    private boolean exists(long sequence) throws IOException {
        try {
            files.read(LedgerEntries.commitName(sequence));
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private static boolean overlap(Commit ours, Commit theirs) {
        return consumeTheSame(ours, theirs)
                || !Collections.disjoint(dates(ours), dates(theirs))
                || !Collections.disjoint(partitions(ours), partitions(theirs))
                || !Collections.disjoint(quarantine(ours), quarantine(theirs))
                || clears(ours, theirs)
                || ours.delta().isPresent() && theirs.delta().isPresent()
                || (isReplay(ours, theirs) || landFiles(ours, theirs)) && differInShape(ours, theirs);
    }

    private static boolean consumeTheSame(Commit ours, Commit theirs) {
        return ours.consumed()
                .flatMap(consumed -> theirs.consumed().map(consumed::overlaps))
                .orElse(false);
    }

    /** Whether one of them feeds quarantined records back, which goes beside any landing. */
    private static boolean isReplay(Commit ours, Commit theirs) {
        return ours.operation() == Operation.REPLAY || theirs.operation() == Operation.REPLAY;
    }

    /** Whether both land files, whose columns grow with the files that each has seen. */
    private static boolean landFiles(Commit ours, Commit theirs) {
        return Stream.of(ours, theirs)
                .allMatch(commit -> commit.consumed()
                        .filter(Consumed.Files.class::isInstance)
                        .isPresent());
    }

    /** Whether the later of two commits would take back columns that the earlier one has added. */
    private static boolean differInShape(Commit ours, Commit theirs) {
        return !ours.columns().isEmpty()
                && !theirs.columns().isEmpty()
                && !(ours.columns().equals(theirs.columns())
                        && ours.avroSchema().equals(theirs.avroSchema()));
    }

    private static Set<LocalDate> dates(Commit commit) {
        return commit.dates().stream().map(DateBuild::date).collect(Collectors.toSet());
    }

    /** The partitions that a commit replaces, adds or takes away. */
    private static Set<PartitionVersion.Key> partitions(Commit commit) {
        Set<PartitionVersion.Key> keys = new HashSet<>();
        commit.partitions().forEach(partition -> keys.add(partition.key()));
        commit.cleaned().ifPresent(away -> keys.addAll(away.partitions()));
        return keys;
    }

    /** Likewise of the quarantine table: a replay replaces what it has read. */
    private static Set<PartitionVersion.Key> quarantine(Commit commit) {
        Set<PartitionVersion.Key> keys = new HashSet<>();
        commit.quarantine().forEach(partition -> keys.add(partition.key()));
        commit.cleaned().ifPresent(away -> keys.addAll(away.quarantine()));
        return keys;
    }

    private static boolean clears(Commit commit, Commit draft) {
        return commit.cleaned().map(away -> away.covers(draft)).orElse(false);
    }

    /** The refusal of a commit whose files were taken for those of a dead job and are being deleted. */
    private LakeException clearedAway(Commit by) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot commit to " + table + ": the files of this run were cleaned away by commit " + by.sequence()
                        + " while it stood still. Nothing of it was recorded; run again.");
    }

    /**
     * Refuses a commit that does not balance.
     *
     * @throws LakeException (EXPECTATION)
     */
    public void requireBalance(Commit draft) {
        long written = rows(draft.partitions());
        long quarantined = rows(draft.quarantine());
        boolean holds = draft.balance().holds()
                // Delta's own log counts the rows of a Delta table.
                && (draft.delta().isPresent() || draft.balance().written() == written)
                && draft.balance().quarantined() == quarantined
                && draft.dates().stream().allMatch(build -> build.balance().holds());
        if (!holds) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Refused to commit to " + table + ": rows do not balance. Counted " + draft.balance()
                            + ", while the files hold " + written + " written and " + quarantined
                            + " quarantined rows. Nothing was published. This is a bug or a broken disk: run the job"
                            + " again, and report it if it stays.");
        }
    }

    private static long rows(List<PartitionVersion> partitions) {
        return partitions.stream().mapToLong(PartitionVersion::rows).sum();
    }

    private static String definitionName(String hash) {
        return "definition." + hash + ".txt";
    }
}
