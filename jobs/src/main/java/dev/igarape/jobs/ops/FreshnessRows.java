package dev.igarape.jobs.ops;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Rows of {@code ops.freshness}: daily tables as planned, landings with the dates that they have ({@code landed}). */
final class FreshnessRows {
    private final Lake lake;

    FreshnessRows(Lake lake) {
        this.lake = lake;
    }

    /** Rows of these tables and of all tables built from them, by table; views have none. */
    Map<TableName, List<OpsRow>> of(Collection<TableName> tables) throws IOException {
        Set<TableName> touched = new LinkedHashSet<>(tables);
        List<Table> all = lake.inBuildOrder(names());
        for (Table table : all) {
            if (table.inputs().stream().map(Input::table).anyMatch(touched::contains)) {
                touched.add(table.name());
            }
        }
        Map<TableName, List<PlannedDate>> plans = new HashMap<>();
        for (PlannedDate date : new Planner(lake).plan(withInputs(touched, all))) {
            plans.computeIfAbsent(date.table(), name -> new ArrayList<>()).add(date);
        }
        Map<TableName, List<OpsRow>> rows = new LinkedHashMap<>();
        for (TableName name : touched) {
            Table table = lake.table(name);
            if (table.has(Trait.ROWS)) {
                rows.put(name, rows(table, plans.getOrDefault(name, List.of())));
            }
        }
        return rows;
    }

    private List<TableName> names() {
        return lake.manifest().pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .map(Table::name)
                .toList();
    }

    /** These tables and all their upstream tables. */
    private static Set<TableName> withInputs(Set<TableName> tables, List<Table> all) {
        Set<TableName> wanted = new LinkedHashSet<>(tables);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (wanted.contains(all.get(i).name())) {
                all.get(i).inputs().forEach(input -> wanted.add(input.table()));
            }
        }
        return wanted;
    }

    private List<OpsRow> rows(Table table, List<PlannedDate> plan) throws IOException {
        LedgerState state = lake.ledger(table.name()).read();
        Map<LocalDate, Long> rows = new TreeMap<>();
        Map<LocalDate, Long> sequences = new HashMap<>();
        for (CurrentPartition placed : state.partitions()) {
            LocalDate date = placed.partition().date();
            rows.merge(date, placed.partition().rows(), Long::sum);
            sequences.merge(date, placed.sequence(), Math::max);
        }
        List<OpsRow> made = new ArrayList<>();
        if (!table.has(Trait.PLANNED)) {
            rows.forEach((date, count) -> made.add(new OpsRow()
                    .set("date", date)
                    .set("status", "landed")
                    .set("sequence", sequences.get(date))
                    .set("rows", count)));
            return made;
        }
        for (PlannedDate planned : plan) {
            OpsRow row = new OpsRow()
                    .set("date", planned.date())
                    .set("status", planned.status().toString())
                    .set("reasons", String.join("; ", planned.reasons()));
            planned.intervals()
                    .ifPresent(intervals ->
                            row.set("intervals", intervals.all()).set("stale_intervals", intervals.touched()));
            if (table.has(Trait.KEYED)) {
                // No row is of one date, but each date has a last commit that took it in.
                state.builtOf(planned.date()).ifPresent(built -> row.set("sequence", built.sequence()));
            } else if (rows.containsKey(planned.date())) {
                row.set("sequence", sequences.get(planned.date())).set("rows", rows.get(planned.date()));
            }
            made.add(row);
        }
        return made;
    }
}
