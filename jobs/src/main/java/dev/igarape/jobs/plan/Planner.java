package dev.igarape.jobs.plan;

import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.input.Inputs;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.plan.PlannedDate.Status;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.model.Input;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Says which dates of daily tables must be built, from the ledgers alone, by the rule of {@link Freshness}.
 *
 * <p>A date whose input is itself due is due as well: the plan is the whole set, in build order. Landings are not
 * planned, for the lake does not know what a source holds.
 */
public final class Planner {
    private final Lake lake;
    private final Map<TableName, LedgerState> states = new HashMap<>();
    private final Map<TableName, InputVersions> inputs = new HashMap<>();
    /** Dates of tables planned so far that are due. */
    private final Map<TableName, Set<LocalDate>> due = new HashMap<>();
    /** How many dates were built by each definition that has changed since, by its hash. */
    private final Map<TableName, Map<String, Integer>> redefined = new LinkedHashMap<>();

    public Planner(Lake lake) {
        this.lake = lake;
    }

    /**
     * Every date of the daily ones of these tables that is built or could be; tables in build order, dates in theirs. What
     * is due of an input counts as coming only if the input is one of these tables.
     */
    public List<PlannedDate> plan(Collection<TableName> names) throws IOException {
        List<PlannedDate> plan = new ArrayList<>();
        for (Table table : lake.inBuildOrder(names)) {
            if (table.has(Trait.PLANNED)) {
                List<PlannedDate> dates = plan(table);
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

    /** The definitions that dates planned so far were built by and that have changed since, with their diffs. */
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

    private List<PlannedDate> plan(Table table) throws IOException {
        Map<TableName, InputVersions> there = new HashMap<>();
        for (Input input : table.inputs()) {
            there.put(input.table(), dates(input.table()));
        }
        Freshness freshness = new Freshness(table, state(table.name()), there);
        LocalDate start =
                lake.manifest().owner(table.name()).map(Pipeline::startDate).orElseThrow();
        Set<LocalDate> dates = new TreeSet<>(freshness.builtDates());
        for (Input input : table.inputs()) {
            dates.addAll(there.get(input.table()).readers(input.lookback()));
            for (LocalDate date : due.getOrDefault(input.table(), Set.of())) {
                for (int later = 0; later <= input.lookback(); later++) {
                    dates.add(date.plusDays(later));
                }
            }
        }
        Completeness completeness = Completeness.read(lake, table, there);
        Map<LocalDate, String> running = RunLease.running(lake, table.name());
        List<PlannedDate> plan = new ArrayList<>();
        for (LocalDate date : dates) {
            if (freshness.builtDates().contains(date) || !date.isBefore(start)) {
                PlannedDate planned = waiting(plan(table, date, freshness.of(date)), completeness);
                plan.add(
                        planned.isDue() && running.containsKey(date)
                                ? new PlannedDate(
                                        table.name(),
                                        date,
                                        Status.RUNNING,
                                        List.of("run " + running.get(date) + " is at work on it"),
                                        planned.rows())
                                : planned);
            }
        }
        return plan;
    }

    /** A date that is due, or blocked while what it is built from is not complete. */
    private static PlannedDate waiting(PlannedDate planned, Completeness completeness) {
        List<String> lacks = planned.isDue() ? completeness.lacks(planned.date()) : List.of();
        return lacks.isEmpty()
                ? planned
                : new PlannedDate(planned.table(), planned.date(), Status.BLOCKED, lacks, planned.rows());
    }

    private PlannedDate plan(Table table, LocalDate date, Freshness.Verdict verdict) throws IOException {
        List<String> changes = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (Input input : table.inputs()) {
            Set<LocalDate> coming = due.getOrDefault(input.table(), Set.of());
            if (date.minusDays(input.lookback()).datesUntil(date.plusDays(1)).anyMatch(coming::contains)) {
                changes.add(input.table() + " is to be built");
            }
            if (!coming.contains(date)
                    && !dates(input.table()).dates().contains(date)
                    && dates(input.table()).isDated()) {
                absent.add(input.table() + " has no " + date);
            }
        }
        changes.addAll(verdict.changes());
        if (verdict.redefined()) {
            redefined
                    .computeIfAbsent(table.name(), name -> new TreeMap<>())
                    .merge(verdict.built().orElseThrow().definitionHash(), 1, Integer::sum);
        }
        if (verdict.isFrozen()) {
            if (!changes.isEmpty()) {
                changes.addAll(verdict.losses());
            }
            return new PlannedDate(table.name(), date, Status.FROZEN, changes, verdict.unreadRows());
        }
        if (!absent.isEmpty()) {
            return new PlannedDate(table.name(), date, Status.BLOCKED, absent, 0);
        }
        Status status = verdict.built().isEmpty() ? Status.MISSING : changes.isEmpty() ? Status.FRESH : Status.STALE;
        return new PlannedDate(table.name(), date, status, changes, verdict.unreadRows());
    }

    private InputVersions dates(TableName name) throws IOException {
        InputVersions known = inputs.get(name);
        if (known == null) {
            known = Inputs.versions(lake, lake.table(name), state(name));
            inputs.put(name, known);
        }
        return known;
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
