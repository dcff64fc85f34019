package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.model.Table;
import java.io.IOException;

/** Makes a table's committed versions visible to readers. */
@FunctionalInterface
public interface Publishing {
    /** Publishes nothing, for a lake without readers. */
    Publishing NONE = (table, ledger) -> {};

    void publish(Table table, Ledger ledger) throws IOException, InterruptedException;
}
