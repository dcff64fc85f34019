package dev.igarape.jobs.plan;

import dev.igarape.jobs.input.ChangedTimes;
import dev.igarape.jobs.input.DatedInput;
import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.input.SnapshotVersions;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.model.Input;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedDate.Status;
import dev.igarape.model.job.PlannedIntervals;
import dev.igarape.model.job.Redefinition;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plans which dates of daily tables must be built, by comparing ledgers ({@link Freshness}).
 *
 * <p>A date is also due if its input is due: the plan contains the whole set in build order. Landings are not planned,
 * because the lake does not know what their sources contain.
 */
public final class Planner {
    private final Lake lake;
    private final Map<TableName, LedgerState> states = new HashMap<>();
    private final Map<TableName, InputVersions> inputs = new HashMap<>();
    /** Due dates of the tables planned so far. */
    private final Map<TableName, Set<LocalDate>> due = new HashMap<>();
    /** Number of dates that were built by each outdated definition, by its hash. */
    private final Map<TableName, Map<String, Integer>> redefined = new LinkedHashMap<>();

    public Planner(Lake lake) {
        this.lake = lake;
    }

    /**
     * Plans all dates of the daily tables among these that are built or can be built; tables in build order, dates
     * ascending. Due dates of an input are taken into account only if the input is one of these tables.
     */
    public List<PlannedDate> plan(Collection<TableName> names) throws IOException {
        List<PlannedDate> plan = new ArrayList<>();
        for (Table table : lake.inBuildOrder(names)) {
            if (table.has(Trait.PLANNED)) {
                List<PlannedDate> dates = plan(table, candidates(table));
                due.put(
                        table.name(),
                        dates.stream()
                                .filter(PlannedDate::isDue)
                                .map(PlannedDate::date)
                                .collect(Collectors.toSet()));
                plan.addAll(dates);
            }
        }
        return plan;
    }

    /** Outdated definitions by which dates planned so far were built, with diffs to the current ones. */
    public List<Redefinition> redefinitions() throws IOException {
        List<Redefinition> redefinitions = new ArrayList<>();
        for (Map.Entry<TableName, Map<String, Integer>> table : redefined.entrySet()) {
            String now = DefinitionText.of(lake.table(table.getKey()));
            for (Map.Entry<String, Integer> hash : table.getValue().entrySet()) {
                List<String> diff = lake.ledger(table.getKey())
                        .definition(hash.getKey())
                        .map(before -> DefinitionText.diff(before, now))
                        .orElse(List.of());
                redefinitions.add(new Redefinition(table.getKey(), hash.getValue(), diff));
            }
        }
        return redefinitions;
    }

    /**
     * Plans those of these dates of a daily table that are built or can be built, at a cost that does not grow with its other
     * dates; dates ascending.
     */
    public List<PlannedDate> plan(Table table, Set<LocalDate> dates) throws IOException {
        Map<TableName, InputVersions> available = new HashMap<>();
        for (Input input : table.datedInputs()) {
            available.put(input.table(), dates(input.table()));
        }
        Map<TableName, SnapshotVersions> snapshots = new HashMap<>();
        for (Input input : table.snapshotInputs()) {
            snapshots.put(input.table(), snapshots(input.table()));
        }
        Freshness freshness = new Freshness(table, lake.timezone(table), state(table.name()), available, snapshots);
        LocalDate start =
                lake.manifest().owner(table.name()).map(Pipeline::startDate).orElseThrow();
        Completeness completeness = Completeness.read(lake, table, available);
        Map<LocalDate, String> running = RunLease.running(lake, table.name());
        List<PlannedDate> plan = new ArrayList<>();
        for (LocalDate date : new TreeSet<>(dates)) {
            if (freshness.builtDates().contains(date) || !date.isBefore(start) && isRead(table, date)) {
                PlannedDate planned = blockedUntilComplete(plan(table, date, freshness), completeness);
                plan.add(
                        planned.isDue() && running.containsKey(date)
                                ? planned.as(Status.RUNNING, List.of("run " + running.get(date) + " is at work on it"))
                                : planned);
            }
        }
        return plan;
    }

    /** Dates that are built, or of which an input has or is to have rows. */
    private Set<LocalDate> candidates(Table table) throws IOException {
        Set<LocalDate> dates = new TreeSet<>(state(table.name()).builtDates());
        for (Input input : table.datedInputs()) {
            Reach reach = Reach.of(input, lake.timezone(table));
            dates.addAll(dates(input.table()).readers(reach));
            due.getOrDefault(input.table(), Set.of()).forEach(date -> dates.addAll(reach.readersOf(date)));
        }
        return dates;
    }

    /** Whether an input has or is to have rows that a date reads. */
    private boolean isRead(Table table, LocalDate date) throws IOException {
        for (Input input : table.datedInputs()) {
            Reach reach = Reach.of(input, lake.timezone(table));
            Set<LocalDate> dueInputs = due.getOrDefault(input.table(), Set.of());
            if (!dates(input.table()).commits(date, reach).isEmpty()
                    || reach.datesOf(date).stream().anyMatch(dueInputs::contains)) {
                return true;
            }
        }
        return false;
    }

    /** The planned date, or a blocked one while its inputs are not complete. */
    private static PlannedDate blockedUntilComplete(PlannedDate planned, Completeness completeness) {
        List<String> lacks = planned.isDue() ? completeness.lacks(planned.date()) : List.of();
        return lacks.isEmpty() ? planned : planned.as(Status.BLOCKED, lacks);
    }

    private PlannedDate plan(Table table, LocalDate date, Freshness freshness) throws IOException {
        Freshness.Staleness staleness = freshness.of(date);
        Map<TableName, Long> unreadRows = freshness.unreadRows(date, staleness);
        long unread = unreadRows.values().stream().mapToLong(Long::longValue).sum();
        List<String> changes = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Input input : table.datedInputs()) {
            Set<LocalDate> dueInputs = due.getOrDefault(input.table(), Set.of());
            if (Reach.of(input, lake.timezone(table)).datesOf(date).stream().anyMatch(dueInputs::contains)) {
                changes.add(input.table() + " is to be built");
            }
            if (!dueInputs.contains(date)
                    && dates(input.table()).isDated()
                    && !dates(input.table()).has(date)) {
                missing.add(input.table() + " has no " + date);
            }
        }
        for (Input input : table.snapshotInputs()) {
            if (isToChange(input) && staleness.built().isPresent()) {
                changes.add(input.table() + " is to be built");
            }
            if (due.getOrDefault(input.table(), Set.of()).isEmpty()
                    && snapshots(input.table()).isEmpty()) {
                missing.add(input.table() + " was never built");
            }
        }
        changes.addAll(staleness.changes(unreadRows));
        if (staleness.redefined()) {
            redefined
                    .computeIfAbsent(table.name(), name -> new TreeMap<>())
                    .merge(staleness.built().orElseThrow().definitionHash(), 1, Integer::sum);
        }
        if (staleness.isFrozen()) {
            if (!changes.isEmpty()) {
                changes.addAll(staleness.losses());
            }
            return planned(table, date, Status.FROZEN, changes, staleness, unread);
        }
        if (!missing.isEmpty()) {
            return new PlannedDate(table.name(), date, Status.BLOCKED, missing, 0);
        }
        Status status = staleness.built().isEmpty() ? Status.MISSING : changes.isEmpty() ? Status.FRESH : Status.STALE;
        return planned(table, date, status, changes, staleness, unread);
    }

    private PlannedDate planned(
            Table table,
            LocalDate date,
            Status status,
            List<String> changes,
            Freshness.Staleness staleness,
            long unread)
            throws IOException {
        Optional<Intervals> intervals =
                table.definition().interval().map(length -> new Intervals(length, lake.timezone(table)));
        Optional<PlannedIntervals> counted = Optional.empty();
        if (intervals.isPresent()) {
            Optional<Integer> touched =
                    status == Status.STALE ? touched(table, date, staleness, intervals.get()) : Optional.empty();
            counted = Optional.of(new PlannedIntervals(intervals.get().of(date).size(), touched));
        }
        return new PlannedDate(table.name(), date, status, changes, unread, counted);
    }

    /** How many intervals of a stale date a build would compute; empty if the ledgers do not tell. */
    private Optional<Integer> touched(Table table, LocalDate date, Freshness.Staleness staleness, Intervals intervals)
            throws IOException {
        boolean inputsDue = table.datedInputs().stream()
                .anyMatch(input -> Reach.of(input, lake.timezone(table)).datesOf(date).stream()
                        .anyMatch(due.getOrDefault(input.table(), Set.of())::contains));
        if (inputsDue || table.snapshotInputs().stream().anyMatch(this::isToChange)) {
            return Optional.empty();
        }
        LedgerState state = state(table.name());
        // Rows in quarantine that tell no interval have the date computed whole.
        boolean byInterval = Stream.concat(state.partitionsOf(date).stream(), state.quarantineOf(date).stream())
                .allMatch(placed -> placed.partition().interval().isPresent());
        if (staleness.redefined()
                || !staleness.outdated().isEmpty()
                || !byInterval
                || hasTimesOfTwoMoments(table, date, state)
                || !haveSchemasOf(staleness.built().orElseThrow().build(), table)) {
            return Optional.of(intervals.of(date).size());
        }
        return new TouchedTimes(lake, table, intervals)
                .of(
                        date,
                        staleness,
                        input -> new ChangedTimes(lake.ledger(input.table()), state(input.table())),
                        (input, partitions) -> Optional.empty())
                .map(times -> intervals.overlapping(date, times).size());
    }

    /** Whether a row may tell the time of another interval than that of its input rows, see {@code jobs.daily}. */
    private boolean hasTimesOfTwoMoments(Table table, LocalDate date, LedgerState state) {
        return Intervals.hasClockChange(date, lake.timezone(table))
                && "timestamp_ntz"
                        .equalsIgnoreCase(
                                state.columns().get(table.definition().time().orElseThrow()));
    }

    /** Whether landings are read with the Avro schemas that they were read with by a date's last build. */
    private boolean haveSchemasOf(DateBuild build, Table table) throws IOException {
        for (Input input : table.datedInputs()) {
            Optional<String> now = state(input.table()).avroSchema();
            OptionalLong read = build.inputs()
                    .getOrDefault(input.table(), SequenceSet.EMPTY)
                    .last();
            if (now.isPresent()
                    && read.isPresent()
                    && !lake.ledger(input.table())
                            .commit(read.getAsLong())
                            .avroSchema()
                            .equals(now)) {
                return false;
            }
        }
        return true;
    }

    /** Whether an input without dates is to get a version that may make dates stale. */
    private boolean isToChange(Input input) {
        return !input.refresh().equals(Optional.of(Refresh.NEVER))
                && !due.getOrDefault(input.table(), Set.of()).isEmpty();
    }

    private InputVersions dates(TableName name) throws IOException {
        InputVersions known = inputs.get(name);
        if (known == null) {
            known = DatedInput.versions(lake, lake.table(name), state(name));
            inputs.put(name, known);
        }
        return known;
    }

    private SnapshotVersions snapshots(TableName name) throws IOException {
        return new SnapshotVersions(state(name), lake.ledger(name)::commit);
    }

    private LedgerState state(TableName name) throws IOException {
        LedgerState known = states.get(name);
        if (known == null) {
            known = lake.ledger(name).read();
            states.put(name, known);
        }
        return known;
    }
}
