package dev.igarape.jobs.keyed;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import java.util.ArrayList;
import java.util.List;

/** What a table of customers has in quarantine. */
record CustomerQuarantine(CustomerLake lake) {
    /** Gives it another try. */
    List<TableRun> replay() throws Exception {
        Lake now = lake.open(Step.Listener.NONE);
        return new KeyedKind()
                .replay(
                        new RunContext(now, Publishing.NONE, lake::spark, new Resources()),
                        now.table(CustomerLake.CUSTOMERS));
    }

    /** {@code rule chapter id name sequence} of each row. */
    List<String> rows() throws Exception {
        Lake now = lake.open(Step.Listener.NONE);
        String root = new TableLayout(now.target(), now.table(CustomerLake.CUSTOMERS)).quarantineFolder();
        List<String> rows = new ArrayList<>();
        for (String path : lake.state().quarantine().stream()
                .filter(placed -> placed.partition().rows() > 0)
                .map(placed -> placed.partition().path())
                .toList()) {
            lake
                    .spark()
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
