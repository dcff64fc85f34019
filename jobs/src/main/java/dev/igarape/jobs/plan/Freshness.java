package dev.igarape.jobs.plan;

import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.input.SnapshotVersions;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.Built;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether dates of a daily table are up to date: compares the input commits and versions that the last build read with
 * the current ones, and its definition with the current one. Used by plans and builds.
 */
public final class Freshness {
    private final Table table;
    private final ZoneId zone;
    private final LedgerState state;
    private final Map<TableName, InputVersions> inputs;
    private final Map<TableName, SnapshotVersions> snapshots;
    /** Of a table with keys, whose rows are of no date: the versions of inputs without dates that all of them are of. */
    private final Optional<Map<TableName, SnapshotRead>> ofAllRows;

    /**
     * @param zone in which its dates lie
     * @param state the table's ledger
     * @param inputs the table's inputs with dates, from one reading of their ledgers
     * @param snapshots those without dates, likewise
     */
    public Freshness(
            Table table,
            ZoneId zone,
            LedgerState state,
            Map<TableName, InputVersions> inputs,
            Map<TableName, SnapshotVersions> snapshots) {
        this.table = table;
        this.zone = zone;
        this.state = state;
        this.inputs = inputs;
        this.snapshots = snapshots;
        this.ofAllRows = table.has(Trait.KEYED) ? Optional.of(state.lastSnapshots()) : Optional.empty();
    }

    /**
     * How a date's last build differs from a build now.
     *
     * @param unread input commits that the build has not read, by input
     * @param gone input commits that it read and that have been replaced since
     * @param expired input commits that it read and whose rows retention has deleted, so that the date can't be rebuilt
     *     without loss
     * @param outdated inputs without dates that have changed since the version that it read: a sentence for each
     * @param redefined whether the definition has changed since
     */
    public record Staleness(
            Optional<Built> built,
            Map<TableName, SequenceSet> unread,
            Map<TableName, SequenceSet> gone,
            Map<TableName, SequenceSet> expired,
            Map<TableName, String> outdated,
            boolean redefined) {
        /**
         * Whether a build now would read the same inputs with the same definition; expired inputs are no reason to
         * build.
         */
        public boolean isFresh() {
            return built.isPresent() && !redefined && unread.isEmpty() && gone.isEmpty() && outdated.isEmpty();
        }

        /** Whether a build now would lose rows, because inputs have expired. */
        public boolean isFrozen() {
            return !expired.isEmpty();
        }

        /** Commits of an input that have not been read. */
        public SequenceSet unreadOf(TableName input) {
            return unread.getOrDefault(input, SequenceSet.EMPTY);
        }

        /**
         * Reasons to build: sentences without a full stop; empty if the date is fresh.
         *
         * @param unreadRows see {@link Freshness#unreadRows}
         */
        public List<String> changes(Map<TableName, Long> unreadRows) {
            List<String> changes = new ArrayList<>();
            if (redefined) {
                changes.add("its definition has changed");
            }
            unread.forEach((input, came) ->
                    changes.add(input + " has " + named(came) + " with " + unreadRows.get(input) + " rows"));
            gone.forEach((input, commits) -> changes.add(input + " shows " + named(commits) + " no more"));
            changes.addAll(outdated.values());
            return changes;
        }

        /** Expired inputs: a sentence for each. */
        public List<String> losses() {
            List<String> losses = new ArrayList<>();
            expired.forEach((input, commits) -> losses.add(
                    commits.isEmpty()
                            ? input + " has given up rows of it"
                            : input + " has no more what " + named(commits) + " landed"));
            return losses;
        }

        private static String named(SequenceSet commits) {
            return (commits.size() == 1 ? "commit " : "commits ") + commits;
        }
    }

    /** Dates that have been built. */
    Set<LocalDate> builtDates() {
        return state.builtDates();
    }

    /**
     * Whether an input without dates has changed since a table with keys was computed with it, so that rows of any date may have to
     * change.
     */
    public boolean haveSnapshotsMoved() throws IOException {
        Optional<LocalDate> any = state.builtDates().stream().findFirst();
        return any.isPresent() && !of(any.get()).outdated().isEmpty();
    }

    /** Compares a date's last build with a build now. */
    public Staleness of(LocalDate date) throws IOException {
        Optional<Built> last = state.builtOf(date);
        Map<TableName, SequenceSet> unread = new LinkedHashMap<>();
        Map<TableName, SequenceSet> gone = new LinkedHashMap<>();
        Map<TableName, SequenceSet> expired = new LinkedHashMap<>();
        for (Input input : table.datedInputs()) {
            InputVersions available = inputs.get(input.table());
            Reach reach = Reach.of(input, zone);
            SequenceSet commits = available.commits(date, reach);
            SequenceSet read =
                    last.map(built -> built.build().inputs().get(input.table())).orElse(SequenceSet.EMPTY);
            SequenceSet came = commits.without(read);
            if (!came.isEmpty()) {
                unread.put(input.table(), came);
            }
            if (last.isEmpty() && available.haveExpired(date, reach)) {
                expired.put(input.table(), SequenceSet.EMPTY);
            }
            SequenceSet replaced = read.without(commits);
            if (!replaced.isEmpty()) {
                (available.haveExpired(date, reach) ? expired : gone).put(input.table(), replaced);
            }
        }
        boolean redefined = last.isPresent() && !last.get().definitionHash().equals(table.definitionHash());
        return new Staleness(
                last, unread, gone, expired, last.isPresent() ? outdated(last.get(), date) : Map.of(), redefined);
    }

    /**
     * Counts the rows that a date reads of the commits that its last build has not read, by input. Where some of those that were
     * put together are unread it reads their entries in the ledger, so only what shows the numbers should ask for them.
     */
    public Map<TableName, Long> unreadRows(LocalDate date, Staleness staleness) throws IOException {
        Map<TableName, Long> rows = new LinkedHashMap<>();
        for (Input input : table.datedInputs()) {
            SequenceSet came = staleness.unreadOf(input.table());
            if (!came.isEmpty()) {
                rows.put(input.table(), inputs.get(input.table()).rows(date, Reach.of(input, zone), came));
            }
        }
        return rows;
    }

    private Map<TableName, String> outdated(Built last, LocalDate date) throws IOException {
        Map<TableName, String> outdated = new LinkedHashMap<>();
        for (Input input : table.snapshotInputs()) {
            SnapshotVersions versions = snapshots.get(input.table());
            SnapshotRead read = ofAllRows.orElse(last.build().snapshots()).get(input.table());
            if (read == null) {
                outdated.put(input.table(), input.table() + " was not read as one version");
            } else if (versions.makesStale(input.refresh().orElseThrow(), read, date)) {
                outdated.put(
                        input.table(),
                        versions.isOfThisHistory(read)
                                ? input.table() + " has changed since commit " + read.commit()
                                        + ", which it was built with"
                                : "it was built with another history of " + input.table() + ", whose ledger was deleted"
                                        + " or restored since");
            }
        }
        return outdated;
    }
}
