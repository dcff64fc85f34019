package dev.igarape.jobs.live;

import dev.igarape.jobs.warm.RunPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Stops the service on SIGTERM and SIGINT. The JVM does not begin to shut down, for that would close file systems and the Spark
 * session under the step that is to end.
 */
public final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    /** A step that takes longer is given up; the ledger has all of it or nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private StopSignals() {}

    /** Takes over both signals for the rest of the process. */
    public static void handle(LiveService service, RunPool runs) {
        for (String name : List.of("TERM", "INT")) {
            Signal.handle(new Signal(name), signal -> {
                runs.refuse();
                service.stop();
                limit();
            });
        }
    }

    private static void limit() {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "live-stop");
            thread.setDaemon(true);
            return thread;
        });
        watch.schedule(
                () -> {
                    LOG.warn(
                            "The step did not end within {} s and is given up; the next run does its work",
                            PATIENCE.toSeconds());
                    Runtime.getRuntime().halt(0);
                },
                PATIENCE.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
