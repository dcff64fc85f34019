package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a publisher has published of a table, and has seen in the metastore.
 *
 * @param history of the ledger's reading
 * @param head the last commit that was published
 * @param partitions how many the table has
 * @param quarantined how many the quarantine table has
 * @param generation of the last lease: if the next lease has the next number, nobody has published in between
 * @param comparedAt when the whole table was last compared
 */
record Published(
        UUID history, long head, Tables tables, int partitions, int quarantined, long generation, Instant comparedAt) {
    /**
     * The tables in the metastore.
     *
     * @param main empty as long as it has no columns, because nothing could be decoded yet
     * @param quarantine empty as long as nothing was ever kept out
     */
    record Tables(Optional<HiveTable> main, Optional<HiveTable> quarantine) {
        /** The partitions that the main table is to show; none where it has no partition columns, as a Delta table. */
        List<CurrentPartition> partitions(LedgerState state) {
            return main.filter(HiveTable::isPartitioned).isPresent() ? state.partitions() : List.of();
        }
    }

    static Published of(Ledger.Reading reading, Tables tables, long generation, Instant comparedAt) {
        LedgerState state = reading.state();
        return new Published(
                reading.history(),
                state.head(),
                tables,
                tables.partitions(state).size(),
                state.quarantine().size(),
                generation,
                comparedAt);
    }

    /** Whether a later reading has the same commits and more, and they are for the same tables. */
    boolean isContinuedBy(Ledger.Reading reading, TableLayout layout) {
        LedgerState state = reading.state();
        return history.equals(reading.history())
                && layout.mainIfAny(state).equals(tables.main())
                && (state.quarantine().isEmpty() || tables.quarantine().equals(Optional.of(layout.quarantine(state))));
    }

    boolean isHead(Ledger.Reading reading) {
        return history.equals(reading.history()) && head == reading.state().head();
    }
}
