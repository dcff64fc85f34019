package dev.igarape.jobs.ledger;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;

/**
 * Reads a ledger as it grows.
 *
 * <p>The first reading lists the folder and folds the commits behind the newest snapshot. Each later one looks whether the
 * last commit it knows still stands there and asks for the numbers that follow, until one is missing, so it costs the same
 * however long the ledger is. Where that commit is gone or is another one, the ledger was restored from an older backup:
 * all of it is read anew.
 */
final class LedgerReader {
    private static final int SNAPSHOT_AT_LEAST_AFTER = 50;
    /** What a program that starts reads behind the newest snapshot: a second or two from HDFS. */
    private static final int SNAPSHOT_AT_MOST_AFTER = 1_000;

    private final LedgerEntries entries;
    private Optional<Known> known = Optional.empty();

    LedgerReader(LedgerEntries entries) {
        this.entries = entries;
    }

    /** All commits that were read so far. */
    private static final class Known {
        private final UUID history = UUID.randomUUID();
        private final LedgerFold fold;
        private LedgerState state;
        /** Of the last commit's file; empty as long as there is no commit. */
        private Optional<LedgerEntries.Stamp> stamp = Optional.empty();

        private long snapshotBytes;
        /** Commits behind the last snapshot that is known, and their length. */
        private long tail;

        private long tailBytes;

        private Known(LedgerState start, long snapshotBytes) {
            this.fold = new LedgerFold(start);
            this.state = start;
            this.snapshotBytes = snapshotBytes;
        }

        private void add(LedgerEntries.Entry<Commit> commit) {
            fold.add(commit.value());
            tail++;
            tailBytes += commit.bytes();
        }
    }

    /** What holds now. */
    synchronized Ledger.Reading read() throws IOException {
        Optional<Known> current = known.isPresent() && stillStands(known.get()) ? known : Optional.empty();
        // A reading that fails halfway leaves nothing behind.
        known = Optional.empty();
        Known read = current.isPresent() ? current.get() : whole();
        readOn(read);
        known = Optional.of(read);
        return new Ledger.Reading(read.state, read.history);
    }

    private boolean stillStands(Known read) throws IOException {
        return read.state.head() == 0 || read.stamp.isPresent() && read.stamp.equals(entries.stamp(read.state.head()));
    }

    /** The newest snapshot and the commits that the listing shows behind it; a number that it lacks is a hole. */
    private Known whole() throws IOException {
        LedgerEntries.Numbers numbers = entries.numbers();
        Known read = start(numbers.snapshots());
        for (long sequence : numbers.commits().tailSet(read.state.head() + 1)) {
            read.add(entries.commit(sequence));
        }
        read.state = read.fold.state();
        read.stamp = read.state.head() == 0 ? Optional.empty() : entries.stamp(read.state.head());
        return read;
    }

    private void readOn(Known read) throws IOException {
        long head = read.state.head();
        Optional<LedgerEntries.Entry<Commit>> next = entries.commitIfMade(head + 1);
        if (next.isEmpty()) {
            return;
        }
        while (next.isPresent()) {
            read.add(next.get());
            head++;
            next = entries.commitIfMade(head + 1);
        }
        read.state = read.fold.state();
        read.stamp = entries.stamp(head);
    }

    private Known start(SortedSet<Long> snapshots) throws IOException {
        if (snapshots.isEmpty()) {
            return new Known(LedgerState.empty(entries.table()), 0);
        }
        LedgerEntries.Entry<LedgerState> snapshot = entries.snapshot(snapshots.last());
        return new Known(snapshot.value(), snapshot.bytes());
    }

    /** What held after an earlier commit. */
    LedgerState readAt(long last) throws IOException {
        LedgerEntries.Numbers numbers = entries.numbers();
        Known read = start(numbers.snapshots().headSet(last, true));
        for (long sequence : numbers.commits().tailSet(read.state.head() + 1)) {
            if (sequence <= last) {
                read.add(entries.commit(sequence));
            }
        }
        return read.fold.state();
    }

    /**
     * Keeps a snapshot if one is due: once the commits behind the last one are as long as it is, so that snapshots cost no
     * more than the commits themselves, but 50 to 1,000 commits behind it.
     */
    synchronized void snapshotIfDue() throws IOException {
        read();
        Known read = known.orElseThrow();
        boolean due = read.tail >= SNAPSHOT_AT_LEAST_AFTER
                && (read.tailBytes >= read.snapshotBytes || read.tail >= SNAPSHOT_AT_MOST_AFTER);
        if (due) {
            read.snapshotBytes = entries.keep(read.state);
            read.tail = 0;
            read.tailBytes = 0;
        }
    }
}
