package dev.igarape.jobs.inspect;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LandingWatermark;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.maintenance.Repair;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.Inspected.Finding;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Says how tables stand and what is wrong with them. What {@link Repair} mends, it is asked for. */
public final class Inspection {
    private final Lake lake;
    private final Publisher publisher;

    public Inspection(Lake lake, Publisher publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /**
     * Looks at one table.
     *
     * @param plan of its dates; empty if it has none, or is not planned
     */
    public Inspected of(Table table, List<PlannedDate> plan) throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        LedgerState state = ledger.read();
        Optional<KeyedInspection> keyed = state.delta().isPresent() && table.definition() instanceof KeyedDefinition
                ? Optional.of(new KeyedInspection(
                        lake, table, ledger, state, state.delta().get()))
                : Optional.empty();
        List<Finding> findings = new ArrayList<>();
        boolean isThere = true;
        if (keyed.isPresent()) {
            Optional<Finding> lost = keyed.get().lost();
            isThere = lost.isEmpty();
            findings.addAll(isThere ? keyed.get().findings() : List.of(lost.get()));
        }
        if (isThere) {
            findings.addAll(toRepair(table));
        }
        if (state.files().values().stream().anyMatch(file -> file.captured().isPresent())) {
            LandingWatermark looked = new LandingWatermark(lake.target(), lake.hadoop(), table.name());
            findings.addAll(SilentCaptures.findings(state.files().values(), looked.latest()));
        }
        return new Inspected(
                table.name(),
                table.definition().kindName(),
                state.head() == 0
                        ? Optional.empty()
                        : Optional.of(new Inspected.LastCommit(
                                state.head(), ledger.commit(state.head()).committedAt())),
                dates(table, state, plan),
                rows(table, state),
                state.quarantine().stream()
                        .mapToLong(placed -> placed.partition().rows())
                        .sum(),
                keyed.isPresent() ? Optional.of(keyed.get().status()) : Optional.empty(),
                findings);
    }

    /** What a run that is at work may still do itself, and the DAG of repairs does. */
    private List<Finding> toRepair(Table table) throws IOException, InterruptedException {
        return new Repair(lake, publisher)
                .run(table, true).stream()
                        .map(action -> new Finding(
                                false,
                                "a repair is due, which would have " + action.what(),
                                "./lake repair " + action.table()))
                        .toList();
    }

    private static Map<String, Long> dates(Table table, LedgerState state, List<PlannedDate> plan) {
        Map<String, Long> dates = new LinkedHashMap<>();
        for (PlannedDate.Status status : PlannedDate.Status.values()) {
            count(dates, status.toString(), plan.stream().filter(date -> date.status() == status));
        }
        if (!table.has(Trait.PLANNED)) {
            count(
                    dates,
                    "landed",
                    state.partitions().stream()
                            .filter(placed -> !placed.partition().isEmptied())
                            .map(placed -> placed.partition().date())
                            .distinct());
        }
        return dates;
    }

    private static void count(Map<String, Long> dates, String status, Stream<?> of) {
        long number = of.count();
        if (number > 0) {
            dates.put(status, number);
        }
    }

    private static Optional<Long> rows(Table table, LedgerState state) {
        return table.has(Trait.ROWS) && !table.has(Trait.KEYED)
                ? Optional.of(state.partitions().stream()
                        .map(CurrentPartition::partition)
                        .mapToLong(partition -> partition.isEmptied() ? 0 : partition.rows())
                        .sum())
                : Optional.empty();
    }
}
