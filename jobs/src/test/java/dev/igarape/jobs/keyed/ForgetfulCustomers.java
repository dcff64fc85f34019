package dev.igarape.jobs.keyed;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.job.MaintenanceAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Customers whose deletions are forgotten, with the maintenance that forgets them and the quarantine of what comes after that. */
record ForgetfulCustomers(CustomerLake lake, SparkSession spark) {
    static final Duration REMEMBERED = Duration.ofDays(30);
    private static final Duration LATER = REMEMBERED.plusHours(1);

    /** What a compaction forgets once all deletions are old. */
    List<MaintenanceAction> compact() throws Exception {
        return compact(LATER);
    }

    /** What a compaction so much later forgets. */
    List<MaintenanceAction> compact(Duration later) throws Exception {
        Lake then = lake.openLater(later);
        return new Compact(then, Publishing.NONE, () -> spark)
                .run(then.table(CustomerLake.CUSTOMERS), false).stream()
                        .filter(action -> action.what().contains("deletions"))
                        .toList();
    }

    List<TableRun> replay() throws Exception {
        Lake now = lake.open(Step.Listener.NONE);
        return new KeyedKind()
                .replay(
                        new RunContext(now, Publishing.NONE, () -> spark, new Resources()),
                        now.table(CustomerLake.CUSTOMERS));
    }

    /** {@code rule chapter id name sequence} of each row in quarantine. */
    List<String> quarantine() throws Exception {
        Lake now = lake.open(Step.Listener.NONE);
        String root = new TableLayout(now.target(), now.table(CustomerLake.CUSTOMERS)).quarantineFolder();
        List<String> rows = new ArrayList<>();
        for (String path : lake.state().quarantine().stream()
                .filter(placed -> placed.partition().rows() > 0)
                .map(placed -> placed.partition().path())
                .toList()) {
            spark
                    .read()
                    .parquet(root + "/" + path)
                    .selectExpr("concat_ws(' ', rule, get_json_object(row, '$.chapter'), get_json_object(row, '$.id'),"
                            + " get_json_object(row, '$.name'), get_json_object(row, '$.sequence'))")
                    .collectAsList()
                    .stream()
                    .map(row -> row.getString(0))
                    .forEach(rows::add);
        }
        return rows.stream().sorted().toList();
    }
}
