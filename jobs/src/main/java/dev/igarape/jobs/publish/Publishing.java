package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.model.Table;
import java.io.IOException;

/** Makes what a table's ledger holds visible to its readers. */
@FunctionalInterface
public interface Publishing {
    /** For a lake that no one but its builder reads. */
    Publishing NONE = (table, ledger) -> {};

    void publish(Table table, Ledger ledger) throws IOException, InterruptedException;
}
