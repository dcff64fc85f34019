package dev.igarape.jobs.live;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ops.Ops;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.model.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the tables in {@code ops} in a thread of its own, so that no step waits for them. */
final class OpsWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpsWriter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Lake lake;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "live-ops");
        made.setDaemon(true);
        return made;
    });

    OpsWriter(Lake lake) {
        this.lake = lake;
    }

    /** Records runs that died, before the service has steps of the table. */
    void recordDead(TableName table) {
        thread.execute(() -> with(ops -> ops.recordDead(table)));
    }

    /** Records runs, and what their commits have changed. */
    void write(List<FinishedRun> runs) {
        if (!runs.isEmpty()) {
            thread.execute(() -> with(ops -> {
                runs.forEach(ops::finished);
                Set<TableName> tables =
                        runs.stream().map(run -> run.run().table()).collect(Collectors.toSet());
                ops.refreshFreshness(tables);
            }));
        }
    }

    private interface Work {
        void run(Ops ops);
    }

    /** With a connection of its own: after a minute an old one may be broken. */
    private void with(Work work) {
        try (Publisher publisher = lake.publisher()) {
            work.run(new Ops(lake, publisher.ops()));
        } catch (RuntimeException e) {
            LOG.warn("The tables in ops were not written; the next minute makes up for it", e);
        }
    }

    /** Waits until all is written, but not for ever. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The tables in ops were not written in time; the next run makes up for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
