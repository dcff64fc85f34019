package dev.igarape.jobs.plan;

import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.Built;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The one rule of whether a date of a daily table is up to date: the input commits that its build read against those that
 * are there, its definition against today's. Plans and builds both ask it.
 */
public final class Freshness {
    private final Table table;
    private final Map<LocalDate, Built> built = new TreeMap<>();
    private final Map<TableName, InputVersions> inputs;

    /**
     * @param state the table's ledger
     * @param inputs those of the table, as their ledgers stood at one moment
     */
    public Freshness(Table table, LedgerState state, Map<TableName, InputVersions> inputs) {
        this.table = table;
        this.inputs = inputs;
        state.dates().forEach(build -> built.put(build.build().date(), build));
    }

    /**
     * What distinguishes a date's last build from one of now.
     *
     * @param unread input commits that it has not read, with their rows, by input
     * @param gone input commits that it read and that others have replaced
     * @param expired input commits that it read and whose rows retention has removed: nobody can build the date as it is
     * @param redefined whether the definition has changed since
     */
    public record Verdict(
            Optional<Built> built,
            Map<TableName, TreeMap<Long, Long>> unread,
            Map<TableName, SortedSet<Long>> gone,
            Map<TableName, SortedSet<Long>> expired,
            boolean redefined) {
        /** Whether a build would find the same inputs and definition; what has expired is no reason to build. */
        public boolean isFresh() {
            return built.isPresent() && !redefined && unread.isEmpty() && gone.isEmpty();
        }

        /** Whether a build would lack rows that the date has, or should have had. */
        public boolean isFrozen() {
            return !expired.isEmpty();
        }

        /** Rows of the input commits that it has not read. */
        public long unreadRows() {
            return unread.values().stream()
                    .flatMap(commits -> commits.values().stream())
                    .mapToLong(Long::longValue)
                    .sum();
        }

        /** What has changed: sentences without a full stop; none if it is fresh. */
        public List<String> changes() {
            List<String> changes = new ArrayList<>();
            if (redefined) {
                changes.add("its definition has changed");
            }
            unread.forEach((input, commits) -> commits.forEach(
                    (sequence, rows) -> changes.add(input + " has commit " + sequence + " with " + rows + " rows")));
            gone.forEach((input, commits) -> changes.add(input + " shows commits " + commits + " no more"));
            return changes;
        }

        /** What has expired: a sentence for each input. */
        public List<String> losses() {
            List<String> losses = new ArrayList<>();
            expired.forEach((input, commits) -> losses.add(
                    commits.isEmpty()
                            ? input + " has given up rows of it"
                            : input + " has no more what commits " + commits + " landed"));
            return losses;
        }
    }

    /** Dates that have been built. */
    Set<LocalDate> builtDates() {
        return built.keySet();
    }

    /** How a date stands. */
    public Verdict of(LocalDate date) {
        Optional<Built> last = Optional.ofNullable(built.get(date));
        Map<TableName, TreeMap<Long, Long>> unread = new LinkedHashMap<>();
        Map<TableName, SortedSet<Long>> gone = new LinkedHashMap<>();
        Map<TableName, SortedSet<Long>> lost = new LinkedHashMap<>();
        for (Input input : table.inputs()) {
            InputVersions there = inputs.get(input.table());
            TreeMap<Long, Long> commits = there.commits(date, input.lookback());
            Set<Long> left = new HashSet<>(last.map(b -> b.build().inputs().getOrDefault(input.table(), List.of()))
                    .orElse(List.of()));
            for (Map.Entry<Long, Long> commit : commits.entrySet()) {
                if (!left.remove(commit.getKey())) {
                    unread.computeIfAbsent(input.table(), name -> new TreeMap<>())
                            .put(commit.getKey(), commit.getValue());
                }
            }
            if (last.isEmpty() && there.haveExpired(date, input.lookback())) {
                lost.put(input.table(), new TreeSet<>());
            }
            if (!left.isEmpty()) {
                (there.haveExpired(date, input.lookback()) ? lost : gone).put(input.table(), new TreeSet<>(left));
            }
        }
        boolean redefined = last.isPresent() && !last.get().definitionHash().equals(table.definitionHash());
        return new Verdict(last, unread, gone, lost, redefined);
    }
}
