package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The ledgers that a process has opened, one for each table, so that none is read from its beginning twice. */
public final class Ledgers {
    private final Map<TableName, Ledger> open = new HashMap<>();

    /** Opens a ledger. */
    @FunctionalInterface
    public interface Opening {
        Ledger open(TableName table) throws IOException;
    }

    /** The table's ledger, which is opened if it was not yet. */
    public synchronized Ledger ledger(TableName table, Opening opening) throws IOException {
        Ledger ledger = open.get(table);
        if (ledger == null) {
            ledger = opening.open(table);
            open.put(table, ledger);
        }
        return ledger;
    }
}
