package dev.igarape.jobs;

import dev.igarape.jobs.ledger.Balance;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What a run did to one table, or to one date of it.
 *
 * @param sequence the ledger's commit that now holds; 0 where there is none (views)
 */
public record TableRun(TableName table, Optional<LocalDate> date, Outcome outcome, long sequence, Balance balance) {
    /** How it ended. */
    public enum Outcome {
        /** A new commit was made and published. */
        COMMITTED,
        /** Inputs and definition are those of the last build: nothing to do. */
        UNCHANGED
    }
}
