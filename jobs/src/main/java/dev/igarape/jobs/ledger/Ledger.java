package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.igarape.jobs.Step;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.ExitCode;
import dev.igarape.model.Json;
import dev.igarape.model.LakeException;
import dev.igarape.model.TableName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The commits of one table: numbered JSON files, each written once.
 *
 * <p>{@code <sequence>.json} is a {@link Commit}; {@code <sequence>.snapshot} is the {@link LedgerState} after it, a
 * shortcut that may be missing. Numbers have 12 digits and start at 1.
 */
public final class Ledger {
    private static final int SNAPSHOT_EVERY = 50;
    private static final int ATTEMPTS = 5;
    private static final Pattern NAME = Pattern.compile("([0-9]{12})\\.(json|snapshot)");

    private final TableName table;
    private final AtomicFiles files;
    private final Step.Listener steps;
    private final ObjectMapper json = Json.mapper();

    public Ledger(TableName table, Configuration hadoop, String folder, Step.Listener steps) throws IOException {
        this.table = table;
        this.files = new AtomicFiles(hadoop, new Path(folder));
        this.steps = steps;
    }

    /** What holds now. */
    public LedgerState read() throws IOException {
        TreeSet<Long> commits = new TreeSet<>();
        TreeSet<Long> snapshots = new TreeSet<>();
        for (String name : files.names()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                (matcher.group(2).equals("json") ? commits : snapshots).add(Long.parseLong(matcher.group(1)));
            }
        }
        LedgerState state = snapshots.isEmpty()
                ? LedgerState.empty(table)
                : parse(snapshotName(snapshots.last()), LedgerState.class);
        requireVersion(state.version(), "snapshot " + state.head());
        List<Commit> tail = new ArrayList<>();
        for (long sequence : commits.tailSet(state.head() + 1)) {
            tail.add(commit(sequence));
        }
        return state.with(tail);
    }

    /** One commit; throws FileNotFoundException where there is none of this number. */
    public Commit commit(long sequence) throws IOException {
        Commit commit = parse(commitName(sequence), Commit.class);
        requireVersion(commit.version(), "commit " + sequence);
        return commit;
    }

    /**
     * Records a commit after the state that it was built on.
     *
     * <p>Whoever takes the next number first wins it. Where the winner touches other dates and offsets, we take the
     * number after; where it touches ours, the result is {@link CommitResult.Overtaken}. A reply that got lost is
     * settled by reading who stands there.
     *
     * @throws LakeException (EXPECTATION) if the commit does not balance
     */
    public CommitResult commit(Commit draft, LedgerState basis) throws IOException {
        requireBalance(draft);
        long sequence = basis.head() + 1;
        int failures = 0;
        while (true) {
            Commit commit = draft.at(sequence);
            try {
                AtomicFiles.Prepared prepared = files.prepare(json.writeValueAsBytes(commit));
                steps.reached(Step.PREPARED);
                if (prepared.name(commitName(sequence))) {
                    steps.reached(Step.COMMITTED);
                    snapshotAfter(commit);
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
            if (overlap(draft, winner)) {
                return new CommitResult.Overtaken(winner);
            }
            sequence++;
        }
    }

    private boolean exists(long sequence) throws IOException {
        try {
            files.read(commitName(sequence));
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private static boolean overlap(Commit ours, Commit theirs) {
        for (Map.Entry<String, Map<Integer, OffsetRange>> topic : ours.offsets().entrySet()) {
            if (theirs.offsets().containsKey(topic.getKey())) {
                return true;
            }
        }
        Set<LocalDate> dates = new HashSet<>();
        theirs.dates().forEach(build -> dates.add(build.date()));
        return ours.dates().stream().anyMatch(build -> dates.contains(build.date()));
    }

    private void requireBalance(Commit draft) {
        long written = rows(draft.partitions());
        long quarantined = rows(draft.quarantine());
        boolean holds = draft.balance().holds()
                && draft.balance().written() == written
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

    private void snapshotAfter(Commit commit) throws IOException {
        if (commit.sequence() % SNAPSHOT_EVERY == 0) {
            LedgerState state = read();
            files.create(snapshotName(state.head()), json.writeValueAsBytes(state));
        }
    }

    private <T> T parse(String name, Class<T> type) throws IOException {
        byte[] content = files.read(name);
        try {
            return json.readValue(content, type);
        } catch (JacksonException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot read " + files.folder() + "/" + name + ": " + e.getOriginalMessage()
                            + ". It was written by another version or damaged; restore it from a backup of the ledger.",
                    e);
        }
    }

    private void requireVersion(int version, String what) {
        if (version != Commit.VERSION) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "The ledger of " + table + " has " + what + " in format " + version + "; this program reads format "
                            + Commit.VERSION + ". Use the version of Igarapé that wrote it, or newer.");
        }
    }

    private static String commitName(long sequence) {
        return String.format("%012d.json", sequence);
    }

    private static String snapshotName(long sequence) {
        return String.format("%012d.snapshot", sequence);
    }
}
