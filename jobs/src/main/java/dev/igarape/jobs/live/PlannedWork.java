package dev.igarape.jobs.live;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.jobs.input.Reach;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.model.Input;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plans a table when one of its inputs has new commits, and builds the dates that are due, latest first. A date that fails by
 * itself waits while the others go on, for a shorter time if its inputs change.
 */
final class PlannedWork implements TableWork {
    /** Dates of one build: it ends soon enough for a service that is asked to stop. */
    private static final int MOST_DATES = 31;

    /** After so many dates that failed one by one the rest is left for the next turn. */
    private static final int MOST_FAILURES = 3;

    private static final Duration RUNNING_ELSEWHERE = Duration.ofSeconds(10);
    private static final Duration AFTER_CHANGE = Duration.ofSeconds(10);
    private static final Duration REDEFINED = Duration.ofMinutes(1);
    private static final Duration INCOMPLETE = Duration.ofMinutes(1);
    private static final Duration ALL_DATES = Duration.ofMinutes(10);

    /** Failures that the rows of a date can cause. */
    private static final Set<ExitCode> OF_DATES =
            EnumSet.of(ExitCode.DEFINITION, ExitCode.EXPECTATION, ExitCode.NO_INPUT);

    private final Table table;
    private final Lake lake;
    private final InstantSource waits;
    private final Builds builds;
    private final Map<TableName, LedgerTail> inputs;
    private final Function<TableName, Optional<Instant>> inputsCurrentUntil;
    private final Map<LocalDate, FailedDate> failed = new HashMap<>();
    private final LateDates late = new LateDates();
    /** Whether dates that are over wait while today gets rows. */
    private boolean held;
    /** The table's last commit when the service began. */
    private Optional<Long> begunAt = Optional.empty();

    private Set<LocalDate> redefined = Set.of();
    /** Where the inputs stood at the last plan, and the dates that were neither fresh nor frozen then and were not built. */
    private Optional<Map<TableName, LedgerTail.Position>> planned = Optional.empty();

    private Set<LocalDate> open = Set.of();
    private Instant planAllAt = Instant.MIN;
    /** Where the inputs stood when nothing was left to do but for what {@code planAgain} says. */
    private Optional<Map<TableName, LedgerTail.Position>> seen = Optional.empty();

    private Instant planAgain = Instant.MAX;
    private Optional<Instant> currentUntil = Optional.empty();

    /**
     * @param waits the clock of all waits
     * @param inputs the ledgers of all its inputs
     * @param inputsCurrentUntil of an input, see {@link TableWork#currentUntil}; empty for one that the service does not run
     */
    PlannedWork(
            Table table,
            Lake lake,
            InstantSource waits,
            Builds builds,
            Map<TableName, LedgerTail> inputs,
            Function<TableName, Optional<Instant>> inputsCurrentUntil) {
        this.table = table;
        this.lake = lake;
        this.waits = waits;
        this.builds = builds;
        this.inputs = inputs;
        this.inputsCurrentUntil = inputsCurrentUntil;
    }

    /** A date that failed, as it was planned then. */
    private record FailedDate(PlannedDate planned, Backoff backoff, Instant at, Failures.FailureReport report) {
        /** When it is tried again. With new input that is sooner, but not in each turn of a topic that never rests. */
        private Instant retryAt(PlannedDate now) {
            Instant changed = at.plus(AFTER_CHANGE);
            return planned.equals(now) || changed.isAfter(backoff.until()) ? backoff.until() : changed;
        }
    }

    @Override
    public Outcome take(Instant now, Instant time) throws IOException, InterruptedException {
        Optional<Instant> until = earliest();
        Map<TableName, LedgerTail.Position> heads = new HashMap<>();
        for (Map.Entry<TableName, LedgerTail> input : inputs.entrySet()) {
            input.getValue().poll();
            heads.put(input.getKey(), input.getValue().position());
        }
        if (seen.equals(Optional.of(heads)) && now.isBefore(planAgain)) {
            if (failed.isEmpty() && planAgain.equals(Instant.MAX)) {
                currentUntil = until;
            }
            return new Outcome(false, List.of(), failure(), false);
        }
        if (begunAt.isEmpty()) {
            begunAt = Optional.of(lake.ledger(table.name()).read().head());
        }
        List<PlannedDate> plan = plan(now);
        Set<LocalDate> rest = plan.stream()
                .filter(date -> date.status() != PlannedDate.Status.FRESH && date.status() != PlannedDate.Status.FROZEN)
                .map(PlannedDate::date)
                .collect(Collectors.toCollection(TreeSet::new));
        open = rest;
        planned = Optional.of(heads);
        Set<LocalDate> known = redefined;
        redefined = redefined(plan);
        List<PlannedDate> due = ready(plan, now);
        Map<LocalDate, LateDates.Built> waiting = late(due, now, time);
        List<PlannedDate> ready =
                due.stream().filter(date -> !waiting.containsKey(date.date())).toList();
        List<PlannedDate> taken = ready.subList(0, Math.min(MOST_DATES, ready.size()));
        List<TableRun> runs = taken.isEmpty() ? List.of() : build(taken);
        runs.forEach(run -> run.date().ifPresent(rest::remove));
        LateDates.Built build = new LateDates.Built(waits.instant(), until);
        runs.stream()
                .flatMap(run -> run.date().stream())
                .filter(date -> isOver(date, time))
                .forEach(date -> late.add(date, build));
        if (runs.isEmpty()) {
            // A run may have died, or lost the metastore, between its commit and its publish.
            builds.publish(table);
        }
        boolean more = taken.size() < ready.size();
        seen = more ? Optional.empty() : Optional.of(heads);
        planAgain = planAgain(plan, now);
        if (!more && failed.isEmpty() && planAgain.equals(Instant.MAX)) {
            currentUntil = waiting.isEmpty() ? until : later(currentUntil, until, waiting.values());
        }
        held = !waiting.isEmpty();
        for (LateDates.Built before : waiting.values()) {
            planAgain = before.nextAt().isBefore(planAgain) ? before.nextAt() : planAgain;
        }
        boolean tried = !taken.isEmpty() || !known.containsAll(redefined);
        return new Outcome(tried, runs, failure(), more);
    }

    /**
     * Plans the dates that new commits of inputs touch and those that were not done the last time; now and then all, for what
     * commits to other dates of this table have changed, such as a rollback.
     */
    private List<PlannedDate> plan(Instant now) throws IOException {
        Planner planner = new Planner(lake);
        Optional<Set<LocalDate>> changed =
                now.isBefore(planAllAt) ? planned.flatMap(this::changedSince) : Optional.empty();
        if (changed.isEmpty()) {
            List<PlannedDate> all = planner.plan(Set.of(table.name()));
            planAllAt = now.plus(ALL_DATES);
            return all;
        }
        Set<LocalDate> dates = new TreeSet<>(open);
        dates.addAll(changed.get());
        return planner.plan(table, dates);
    }

    /** Dates that read what has come to inputs since these positions; empty if that can't be told. */
    private Optional<Set<LocalDate>> changedSince(Map<TableName, LedgerTail.Position> positions) {
        Set<LocalDate> dates = new TreeSet<>();
        for (Input input : table.snapshotInputs()) {
            boolean changed = !inputs.get(input.table()).position().equals(positions.get(input.table()));
            if (changed && input.refresh().orElseThrow() != Refresh.NEVER) {
                return Optional.empty();
            }
        }
        for (Input input : table.datedInputs()) {
            Optional<Set<LocalDate>> changed = inputs.get(input.table()).changedSince(positions.get(input.table()));
            if (changed.isEmpty()) {
                return Optional.empty();
            }
            Reach reach = Reach.of(input, lake.timezone(table));
            changed.get().forEach(date -> dates.addAll(reach.readersOf(date)));
        }
        return Optional.of(dates);
    }

    /**
     * Due dates that another run has built by another definition since the service began. To build them by the definition that
     * the service has would take back what somebody has just changed.
     */
    private Set<LocalDate> redefined(List<PlannedDate> plan) throws IOException {
        LedgerState state = lake.ledger(table.name()).read();
        // A ledger that was restored from a backup has fewer commits.
        begunAt = begunAt.map(head -> Math.min(head, state.head()));
        if (table.has(Trait.KEYED) && state.dates().stream().anyMatch(this::isRedefined)) {
            // All of the table is of the other definition.
            return plan.stream()
                    .filter(PlannedDate::isDue)
                    .map(PlannedDate::date)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        return plan.stream()
                .filter(PlannedDate::isDue)
                .map(PlannedDate::date)
                .filter(date -> state.builtOf(date).filter(this::isRedefined).isPresent())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isRedefined(LedgerState.Built built) {
        return built.sequence() > begunAt.orElseThrow()
                && !built.definitionHash().equals(table.definitionHash());
    }

    /**
     * The dates that are due and do not wait after a failure, latest first. Where an input without dates makes all of them
     * stale again and again, those that were built longest ago come first: otherwise a turn, which takes some of them, would
     * never come to the rest.
     */
    private List<PlannedDate> ready(List<PlannedDate> plan, Instant now) throws IOException {
        Comparator<PlannedDate> order = Comparator.comparing(PlannedDate::date).reversed();
        if (table.snapshotInputs().stream().anyMatch(input -> input.refresh().orElseThrow() != Refresh.NEVER)) {
            LedgerState state = lake.ledger(table.name()).read();
            order = Comparator.<PlannedDate>comparingLong(date -> state.builtOf(date.date())
                            .map(LedgerState.Built::sequence)
                            .orElse(0L))
                    .thenComparing(order);
        }
        Map<LocalDate, PlannedDate> due =
                plan.stream().filter(PlannedDate::isDue).collect(Collectors.toMap(PlannedDate::date, date -> date));
        failed.keySet().retainAll(due.keySet());
        return due.values().stream()
                .filter(date -> !redefined.contains(date.date()))
                .filter(date -> Optional.ofNullable(failed.get(date.date()))
                        .filter(before -> now.isBefore(before.retryAt(date)))
                        .isEmpty())
                .sorted(order)
                .toList();
    }

    /** Those of the dates that are due that wait, while one that is not over is due. */
    private Map<LocalDate, LateDates.Built> late(List<PlannedDate> due, Instant now, Instant time) {
        // Tables with keys take all dates in one step.
        if (table.has(Trait.KEYED) || due.stream().allMatch(date -> isOver(date.date(), time))) {
            return Map.of();
        }
        Map<LocalDate, LateDates.Built> waiting = new HashMap<>();
        for (PlannedDate date : due) {
            late.waitsFor(date.date(), now).ifPresent(build -> waiting.put(date.date(), build));
        }
        return waiting;
    }

    private boolean isOver(LocalDate date, Instant time) {
        return !time.isBefore(Intervals.date(date, lake.timezone(table)).until());
    }

    /** Builds all dates at once or, where one of them may be at fault, each by itself. */
    private List<TableRun> build(List<PlannedDate> dates) throws IOException, InterruptedException {
        try {
            List<TableRun> runs = builds.build(
                    table, dates.stream().map(PlannedDate::date).sorted().toList());
            dates.forEach(date -> failed.remove(date.date()));
            return runs;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            Failures.FailureReport report = Failures.report(e);
            if (!OF_DATES.contains(report.exitCode())) {
                throw e;
            }
            if (dates.size() == 1) {
                setAside(dates.get(0), report);
                return List.of();
            }
        }
        List<TableRun> runs = new ArrayList<>();
        int before = failed.size();
        for (PlannedDate date : dates) {
            if (failed.size() - before < MOST_FAILURES) {
                runs.addAll(build(List.of(date)));
            }
        }
        return runs;
    }

    private void setAside(PlannedDate date, Failures.FailureReport report) {
        Backoff backoff = Optional.ofNullable(failed.get(date.date()))
                .map(FailedDate::backoff)
                .orElseGet(Backoff::new);
        Instant at = waits.instant();
        backoff.failed(at);
        failed.put(date.date(), new FailedDate(date, backoff, at, report));
    }

    /** When to plan the next time if no input has new commits until then. */
    private Instant planAgain(List<PlannedDate> plan, Instant now) {
        List<Instant> times = new ArrayList<>();
        failed.values().forEach(date -> times.add(date.backoff().until()));
        for (PlannedDate date : plan) {
            Optional.ofNullable(failed.get(date.date())).ifPresent(before -> times.add(before.retryAt(date)));
        }
        if (!redefined.isEmpty()) {
            times.add(now.plus(REDEFINED));
        }
        for (PlannedDate date : plan) {
            if (date.status() == PlannedDate.Status.RUNNING) {
                times.add(now.plus(RUNNING_ELSEWHERE));
            }
            // What a date waits for may be a landing that finds nothing new.
            if (date.status() == PlannedDate.Status.BLOCKED && table.waitFor().isPresent()) {
                times.add(now.plus(INCOMPLETE));
            }
        }
        return times.stream().min(Comparator.naturalOrder()).orElse(Instant.MAX);
    }

    /** The failure of the latest date that waits, unless there is one of the table. */
    private Optional<Failed> failure() {
        if (!redefined.isEmpty()) {
            String dates = redefined.stream().limit(3).map(LocalDate::toString).collect(Collectors.joining(", "));
            String more = redefined.size() > 3 ? " and " + (redefined.size() - 3) + " more" : "";
            return Optional.of(new Failed(
                    new Failures.FailureReport(
                            ExitCode.DEFINITION,
                            "Cannot build " + table.name() + " for " + dates + more
                                    + ": definitions have changed. Another"
                                    + " run has built it by a definition that this service does not have. Stop the service"
                                    + " and start it again."),
                    planAgain));
        }
        return failed.values().stream()
                .max(Comparator.comparing(date -> date.planned().date()))
                .map(date -> new Failed(date.report(), date.backoff().until()));
    }

    /** The earliest moment until which an input is current; empty if one of them does not say. */
    private Optional<Instant> earliest() {
        List<Optional<Instant>> moments = table.inputs().stream()
                .filter(input -> !input.refresh().equals(Optional.of(Refresh.NEVER)))
                .map(Input::table)
                .map(inputsCurrentUntil)
                .toList();
        return moments.stream().allMatch(Optional::isPresent)
                ? moments.stream().map(Optional::get).min(Comparator.naturalOrder())
                : Optional.empty();
    }

    /** The moment of which all is there although some dates wait; not before the one that was known. */
    private static Optional<Instant> later(
            Optional<Instant> known, Optional<Instant> until, Collection<LateDates.Built> waiting) {
        Optional<Instant> current = until;
        for (LateDates.Built build : waiting) {
            current = current.flatMap(one -> build.until().map(other -> one.isBefore(other) ? one : other));
        }
        return Stream.concat(known.stream(), current.stream()).max(Comparator.naturalOrder());
    }

    @Override
    public Optional<Instant> currentUntil() {
        return currentUntil;
    }

    @Override
    public boolean isHeld() {
        return held;
    }

    @Override
    public Optional<Long> lag() {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Has nothing open.
    }
}
