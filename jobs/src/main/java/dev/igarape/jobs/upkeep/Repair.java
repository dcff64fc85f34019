package dev.igarape.jobs.upkeep;

import dev.igarape.jobs.Lake;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Publishes what was committed but not published, because its job died or another publisher interfered. */
public final class Repair {
    private final Lake lake;
    private final Publisher publisher;

    public Repair(Lake lake, Publisher publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /** Publishes the table if the metastore shows anything but the ledger's head. */
    public List<Chore> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        LedgerState state = ledger.read();
        if (state.head() == 0 || publisher.isPublished(table, state)) {
            return List.of();
        }
        if (!dryRun) {
            publisher.publish(table, ledger);
        }
        return List.of(new Chore(
                table.name(), Optional.empty(), "published what was committed", 0, 0, 0, dryRun ? 0 : state.head()));
    }
}
