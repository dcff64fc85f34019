package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.CheckedRows;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.quarantine.AllRefused;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Dates of a table with keys of which all events go to quarantine. A step that reads only what is new to a date can't tell. */
final class RefusedDates {
    private final Lake lake;
    private final Table table;

    RefusedDates(Lake lake, Table table) {
        this.lake = lake;
        this.table = table;
    }

    /**
     * A warning for each date of which all events are refused.
     *
     * @param isRead whether a step has read all events of a date, also those that were not new
     * @param quarantine what the step has written
     * @throws dev.igarape.model.error.LakeException (EXPECTATION) if there is one and the table declares {@code all_refused: fail}
     */
    List<String> warnings(
            Map<LocalDate, Staleness> dates,
            Predicate<LocalDate> isRead,
            Map<LocalDate, CheckedRows.Counts> counts,
            List<PartitionVersion> quarantine)
            throws IOException {
        List<AllRefused.Part> parts = new ArrayList<>();
        for (Map.Entry<LocalDate, Staleness> entry : dates.entrySet()) {
            LocalDate date = entry.getKey();
            CheckedRows.Counts counted = counts.get(date);
            long refused = counted.quarantined();
            if (refused > 0 && (isNew(entry.getValue()) || isRead.test(date))) {
                parts.add(new AllRefused.Part(
                        refused + (refused == 1 ? " row of " : " rows of ") + date,
                        counted.produced() - refused - counted.dropped(),
                        refused,
                        quarantine.stream()
                                .filter(partition -> partition.date().equals(date))
                                .toList(),
                        Optional.empty()));
            }
        }
        return new AllRefused(lake, table).warnings(parts);
    }

    /** Whether nothing of a date was there before. */
    private static boolean isNew(Staleness staleness) {
        return staleness.built().stream()
                .flatMap(built -> built.build().inputs().values().stream())
                .allMatch(SequenceSet::isEmpty);
    }
}
