package dev.igarape.jobs.replay;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.TableKinds;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.model.Table;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Reprocesses the quarantined rows of a table; each kind of table implements its own replay. */
public final class Replay {
    private final RunContext context;
    private final TableKinds kinds;

    /** @param spark asked only if a table has dates to build again */
    public Replay(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this(new RunContext(lake, publisher, spark, new Resources()), BuiltInKinds.ALL);
    }

    public Replay(RunContext context, TableKinds kinds) {
        this.context = context;
        this.kinds = kinds;
    }

    /**
     * Replays and publishes.
     *
     * @throws LakeException (USAGE) for a table that keeps nothing in quarantine
     */
    public List<TableRun> run(Table table) throws IOException, InterruptedException {
        return kinds.of(table).replay(context, table);
    }
}
