package dev.igarape.jobs.keyed;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.model.job.MaintenanceAction;
import java.time.Duration;
import java.util.List;

/** Customers whose deletions are forgotten, with the maintenance that forgets them and the quarantine of what comes after that. */
record ForgetfulCustomers(CustomerLake lake) {
    static final Duration REMEMBERED = Duration.ofDays(30);
    private static final Duration LATER = REMEMBERED.plusHours(1);

    /** What a compaction forgets once all deletions are old. */
    List<MaintenanceAction> compact() throws Exception {
        return compact(LATER);
    }

    /** What a compaction so much later forgets. */
    List<MaintenanceAction> compact(Duration later) throws Exception {
        Lake then = lake.openLater(later);
        return new Compact(then, Publishing.NONE, lake::spark)
                .run(then.table(CustomerLake.CUSTOMERS), false).stream()
                        .filter(action -> action.what().contains("deletions"))
                        .toList();
    }

    List<TableRun> replay() throws Exception {
        return new CustomerQuarantine(lake).replay();
    }

    /** As {@link CustomerQuarantine#rows}. */
    List<String> quarantine() throws Exception {
        return new CustomerQuarantine(lake).rows();
    }
}
