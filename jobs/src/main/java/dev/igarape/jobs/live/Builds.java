package dev.igarape.jobs.live;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.maintenance.FoldLanded;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.MDC;

/** Builds tables of any kind, over connections that stay. */
final class Builds implements AutoCloseable {
    private final Lake lake;
    private final TableKinds kinds;
    private final Supplier<SparkSession> spark;
    private final Resources resources = new Resources();
    private Publisher publisher;

    Builds(Lake lake, TableKinds kinds, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.kinds = kinds;
        this.spark = spark;
        this.publisher = lake.publisher();
    }

    /** Builds these dates of a table, as {@code run} does. */
    List<TableRun> build(Table table, List<LocalDate> dates) throws IOException, InterruptedException {
        try (MDC.MDCCloseable name = MDC.putCloseable("table", table.name().toString())) {
            return kinds.of(table)
                    .build(new RunContext(lake, publisher, spark, resources), table, dates, RunOptions.NONE);
        }
    }

    /** Merges the small batches of a landing, which has one for each step. */
    void mergeBatches(Table table) throws IOException, InterruptedException {
        new FoldLanded(lake, publisher, FoldLanded.Limits.DEFAULT).run(table);
    }

    /** Publishes what the table's ledger has; cheap where that is published already. */
    void publish(Table table) throws IOException, InterruptedException {
        publisher.publish(table, lake.ledger(table.name()));
    }

    /** Connects anew with the next build, after a server was down. */
    void reconnect() {
        close();
        publisher = lake.publisher();
    }

    @Override
    public void close() {
        try {
            resources.close();
        } finally {
            publisher.close();
        }
    }
}
