package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which commits of a table that is kept as a Delta table changed its rows. It costs the same however many commits there are.
 *
 * @param version number of the last commit that made a version; its rows hold
 * @param any number of the last commit after which any row may differ, since the table was built anew or the commit does not
 *     say from which date on it changed what holds
 * @param since later commits that changed only what holds from a date on: the last one, by that date. A commit is not in it
 *     if a later one reaches as far back
 */
public record DeltaChanges(long version, long any, NavigableMap<LocalDate, Long> since) {
    public DeltaChanges {
        since = Collections.unmodifiableNavigableMap(new TreeMap<>(since));
    }

    /** Any row may differ after this commit, which has made a version. */
    static DeltaChanges unknown(long sequence) {
        return new DeltaChanges(sequence, sequence, new TreeMap<>());
    }

    /**
     * The changes with one more commit.
     *
     * @param changes those so far; empty before the first version
     * @param before the version that held so far
     * @param sequence number of the commit
     * @param version that it made
     */
    static DeltaChanges with(
            Optional<DeltaChanges> changes, Optional<DeltaVersion> before, long sequence, DeltaVersion version) {
        boolean isAnew =
                before.isEmpty() || changes.isEmpty() || !before.get().folder().equals(version.folder());
        if (isAnew) {
            return unknown(sequence);
        }
        DeltaChanges known = changes.get();
        // A compaction makes a version without a step.
        boolean isSame =
                version.sameRows() || version.transaction() == before.get().transaction();
        if (isSame) {
            return new DeltaChanges(sequence, known.any, known.since);
        }
        return version.changedSince()
                .map(date -> new DeltaChanges(sequence, known.any, known.from(date, sequence)))
                .orElseGet(() -> unknown(sequence));
    }

    private NavigableMap<LocalDate, Long> from(LocalDate date, long sequence) {
        NavigableMap<LocalDate, Long> dates = new TreeMap<>(since.headMap(date, false));
        dates.put(date, sequence);
        return dates;
    }

    /** Whether rows may differ from those of the version that this commit made. */
    public boolean haveChangedAfter(long sequence) {
        return haveChangedAfter(sequence, LocalDate.MAX);
    }

    /** Whether what holds on a date may differ from what held on it after this commit. */
    public boolean haveChangedAfter(long sequence, LocalDate date) {
        // A commit that is not known is of a ledger that is no more.
        boolean isUnknown = sequence > version;
        Optional<Long> last = Optional.ofNullable(since.floorEntry(date)).map(Map.Entry::getValue);
        return isUnknown
                || any > sequence
                || last.filter(number -> number > sequence).isPresent();
    }
}
