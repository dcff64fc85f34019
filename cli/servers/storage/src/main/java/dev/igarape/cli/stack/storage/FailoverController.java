package dev.igarape.cli.stack.storage;

import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.tools.DFSZKFailoverController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HDFS's own controller, which watches the NameNode of this process, takes part in the election for it, and makes it active.
 * When the process dies, its place in ZooKeeper goes with it.
 */
final class FailoverController {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverController.class);
    private static final int PAUSE_SECONDS = 2;

    private FailoverController() {}

    /** Starts it; one that ends, as when ZooKeeper is away for long, is started again. */
    static void start() {
        Thread thread = new Thread(FailoverController::run, "failover controller");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                // The place of the election; where it is there already, nothing is done.
                controller().run(new String[] {"-formatZK", "-nonInteractive"});
                LOG.error("the failover controller ended with {}", controller().run(new String[0]));
            } catch (Exception e) {
                LOG.error("the failover controller failed", e);
            }
            try {
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static DFSZKFailoverController controller() {
        return DFSZKFailoverController.create(new HdfsConfiguration());
    }
}
