package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ops.Ops;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.model.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes up for runs that died: publishes what was committed but not published, because its run died or another publisher
 * interfered, and puts on record which runs died.
 */
public final class Repair {
    private final Lake lake;
    private final Publisher publisher;

    public Repair(Lake lake, Publisher publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /** Publishes the table if the metastore shows anything but the ledger's head; then tells of the table's dead. */
    public List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        List<MaintenanceAction> chores = new ArrayList<>();
        Ledger ledger = lake.ledger(table.name());
        LedgerState state = ledger.read();
        if (state.head() > 0 && !publisher.isPublished(table, state)) {
            if (!dryRun) {
                publisher.publish(table, ledger);
            }
            chores.add(chore(table, "published what was committed", dryRun ? 0 : state.head()));
        }
        Ops ops = new Ops(lake, publisher.ops());
        for (RunLease.DeadRun dead : RunLease.deadRuns(lake, table.name())) {
            if (!dryRun) {
                ops.record(dead);
            }
            chores.add(chore(table, "recorded that run " + dead.run().runId() + " died", 0));
        }
        return chores;
    }

    private static MaintenanceAction chore(Table table, String what, long sequence) {
        return new MaintenanceAction(table.name(), Optional.empty(), what, 0, 0, 0, sequence);
    }
}
