package dev.igarape.jobs.plan;

import dev.igarape.jobs.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.Built;
import dev.igarape.jobs.plan.PlannedDate.Status;
import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Says which dates of daily tables must be built, from the ledgers alone: the input commits that a build read are
 * compared with those that are there, and its definition with today's.
 *
 * <p>A date whose input is itself due is due as well: the plan is the whole set, in build order. Landings are not
 * planned, for the lake does not know what a source holds.
 */
public final class Planner {
    private final Lake lake;
    private final Map<TableName, LedgerState> states = new HashMap<>();
    private final Map<TableName, InputDates> inputs = new HashMap<>();
    /** Dates of tables planned so far that are due. */
    private final Map<TableName, Set<LocalDate>> due = new HashMap<>();

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
            if (table.definition() instanceof Definition.Daily) {
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

    private List<PlannedDate> plan(Table table) throws IOException {
        Map<LocalDate, Built> built = new TreeMap<>();
        state(table.name()).dates().forEach(build -> built.put(build.build().date(), build));
        LocalDate start =
                lake.manifest().owner(table.name()).map(Pipeline::startDate).orElseThrow();
        Set<LocalDate> dates = new TreeSet<>(built.keySet());
        for (Input input : table.inputs()) {
            dates.addAll(dates(input.table()).readers(input.lookback()));
            for (LocalDate date : due.getOrDefault(input.table(), Set.of())) {
                for (int later = 0; later <= input.lookback(); later++) {
                    dates.add(date.plusDays(later));
                }
            }
        }
        List<PlannedDate> plan = new ArrayList<>();
        for (LocalDate date : dates) {
            if (built.containsKey(date) || !date.isBefore(start)) {
                plan.add(plan(table, date, Optional.ofNullable(built.get(date))));
            }
        }
        return plan;
    }

    private PlannedDate plan(Table table, LocalDate date, Optional<Built> built) throws IOException {
        List<String> absent = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        long rows = 0;
        for (Input input : table.inputs()) {
            boolean coming = due.getOrDefault(input.table(), Set.of()).contains(date);
            InputDates there = dates(input.table());
            if (!coming && !there.dates().contains(date) && !mayLackDates(input.table())) {
                absent.add(input.table() + " has no " + date);
            }
            if (coming) {
                changes.add(input.table() + " is to be built");
            }
            TreeMap<Long, Long> commits = there.commits(date, input.lookback());
            Set<Long> read =
                    new HashSet<>(built.map(build -> build.build().inputs().getOrDefault(input.table(), List.of()))
                            .orElse(List.of()));
            for (Map.Entry<Long, Long> commit : commits.entrySet()) {
                if (!read.remove(commit.getKey())) {
                    rows += commit.getValue();
                    changes.add(
                            input.table() + " has commit " + commit.getKey() + " with " + commit.getValue() + " rows");
                }
            }
            if (built.isPresent() && !read.isEmpty()) {
                changes.add(input.table() + " shows commits " + new TreeSet<>(read) + " no more");
            }
        }
        if (!absent.isEmpty()) {
            return new PlannedDate(table.name(), date, Status.BLOCKED, absent, 0);
        }
        if (built.isEmpty()) {
            return new PlannedDate(table.name(), date, Status.MISSING, changes, rows);
        }
        if (!built.get().definitionHash().equals(table.definitionHash())) {
            changes.add(0, "its definition has changed");
        }
        return new PlannedDate(table.name(), date, changes.isEmpty() ? Status.FRESH : Status.STALE, changes, rows);
    }

    /** What lands whatever is new may have no rows of a date; any other input is built for each. */
    private boolean mayLackDates(TableName name) {
        return lake.table(name).landsWhatIsNew();
    }

    private InputDates dates(TableName name) throws IOException {
        InputDates known = inputs.get(name);
        if (known == null) {
            known = new InputDates(state(name));
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
