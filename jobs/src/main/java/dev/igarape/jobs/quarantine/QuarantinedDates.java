package dev.igarape.jobs.quarantine;

import dev.igarape.jobs.ledger.LedgerState;
import java.time.LocalDate;
import java.util.List;

/** Finds the dates of a table that have rows in quarantine. */
public final class QuarantinedDates {
    private QuarantinedDates() {}

    /** Those of this state, ascending. */
    public static List<LocalDate> of(LedgerState state) {
        return state.quarantine().stream()
                .filter(placed -> placed.partition().rows() > 0)
                .map(placed -> placed.partition().date())
                .distinct()
                .sorted()
                .toList();
    }
}
