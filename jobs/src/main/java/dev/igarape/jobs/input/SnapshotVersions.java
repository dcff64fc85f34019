package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DeltaChanges;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.model.Refresh;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The versions of an input without dates, each known by the commit that made it. */
public final class SnapshotVersions {
    private final Optional<DeltaChanges> changes;
    private final LedgerVersions.Commits ledger;
    /** Ids of commits by number, of those that were asked for; empty where there is no such commit. */
    private final Map<Long, Optional<String>> ids = new ConcurrentHashMap<>();

    /** @param ledger asked only for commits whose versions were read */
    public SnapshotVersions(LedgerState state, LedgerVersions.Commits ledger) {
        this.changes = state.deltaChanges();
        this.ledger = ledger;
    }

    /** Whether there is none yet. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The version that holds; empty before the first one. */
    public Optional<SnapshotRead> newest() throws IOException {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        long newest = changes.get().version();
        return Optional.of(new SnapshotRead(newest, id(newest)));
    }

    /** Whether this is the version that holds. */
    boolean isNewest(SnapshotRead version) throws IOException {
        return isOfThisHistory(version)
                && changes.filter(known -> known.version() == version.commit()).isPresent();
    }

    /**
     * Whether the ledger has the commit that made a version. One that was deleted or restored from a backup has none, or another one
     * of its number.
     */
    public boolean isOfThisHistory(SnapshotRead version) throws IOException {
        return version.id().isEmpty() || version.id().equals(id(version.commit()));
    }

    private Optional<String> id(long commit) throws IOException {
        Optional<String> known = ids.get(commit);
        if (known == null) {
            known = asked(commit);
            ids.put(commit, known);
        }
        return known;
    }

    private Optional<String> asked(long commit) throws IOException {
        try {
            return Optional.of(ledger.of(commit)).map(Commit::commitId);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Whether a version has the rows of the one that holds. */
    public boolean isOfSameRows(SnapshotRead version) throws IOException {
        return isOfThisHistory(version)
                && changes.filter(known -> !known.haveChangedAfter(version.commit()))
                        .isPresent();
    }

    /** Whether a date that was built with a version is stale, since a later one has come or the version is of another history. */
    public boolean makesStale(Refresh refresh, SnapshotRead version, LocalDate date) throws IOException {
        return switch (refresh) {
            case NEVER -> false;
            case ALWAYS -> !isOfSameRows(version);
            case VALIDITY ->
                !isOfThisHistory(version)
                        || changes.filter(known -> !known.haveChangedAfter(version.commit(), date))
                                .isEmpty();
        };
    }
}
