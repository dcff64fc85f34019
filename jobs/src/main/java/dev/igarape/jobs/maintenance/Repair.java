package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.keyed.DeltaSteps;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ops.Ops;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.model.Table;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Repair after runs that died: records commits to Delta tables that their ledgers lack, publishes commits that were not
 * published, and records the dead runs.
 */
public final class Repair {
    private final Lake lake;
    private final Publisher publisher;

    public Repair(Lake lake, Publisher publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /**
     * Has the ledger know all commits of the Delta table, if it is one, publishes the table if the metastore does not show the
     * ledger's head, then records its dead runs.
     *
     * @throws dev.igarape.model.error.LakeException (EXPECTATION) if the Delta table that the ledger names is gone
     */
    public List<MaintenanceAction> run(Table table, boolean dryRun) throws IOException, InterruptedException {
        List<MaintenanceAction> actions = new ArrayList<>();
        Ledger ledger = lake.ledger(table.name());
        LedgerState state = ledger.read();
        DeltaSteps steps = new DeltaSteps(lake, table);
        if (steps.unrecorded(state) > 0) {
            if (!dryRun) {
                steps.record(ledger, state);
                state = ledger.read();
            }
            actions.add(
                    action(table, "recorded what runs had committed to the Delta table", dryRun ? 0 : state.head()));
        }
        if (state.head() > 0 && !publisher.isPublished(table, state)) {
            if (!dryRun) {
                publisher.publish(table, ledger);
            }
            actions.add(action(table, "published what was committed", dryRun ? 0 : state.head()));
        }
        Ops ops = new Ops(lake, publisher.ops());
        for (RunLease.DeadRun died : RunLease.deadRuns(lake, table.name())) {
            if (!dryRun) {
                ops.record(died);
            }
            actions.add(action(table, "recorded that run " + died.run().runId() + " died", 0));
        }
        return actions;
    }

    private static MaintenanceAction action(Table table, String what, long sequence) {
        return new MaintenanceAction(table.name(), Optional.empty(), what, 0, 0, 0, sequence);
    }
}
