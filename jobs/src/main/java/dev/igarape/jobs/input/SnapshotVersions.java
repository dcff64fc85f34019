package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.DeltaChanges;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.model.Refresh;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The versions of an input without dates, each known by the number of the commit that made it.
 *
 * @param changes empty before the first version
 */
public record SnapshotVersions(Optional<DeltaChanges> changes) {
    /** Those that a ledger has. */
    public static SnapshotVersions of(LedgerState state) {
        return new SnapshotVersions(state.deltaChanges());
    }

    /** The version that holds; empty before the first one. */
    public Optional<Long> newest() {
        return changes.map(DeltaChanges::version);
    }

    /** Whether a version has the rows of the one that holds. */
    boolean isOfSameRows(long version) {
        return changes.filter(known -> !known.haveChangedAfter(version)).isPresent();
    }

    /** Whether a date that was built with a version is stale, since a later one has come. */
    public boolean makesStale(Refresh refresh, long version, LocalDate date) {
        return switch (refresh) {
            case NEVER -> false;
            case ALWAYS -> !isOfSameRows(version);
            case VALIDITY ->
                changes.filter(known -> !known.haveChangedAfter(version, date)).isEmpty();
        };
    }
}
