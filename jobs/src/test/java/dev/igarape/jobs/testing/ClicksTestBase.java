package dev.igarape.jobs.testing;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of which each has a {@link ClicksLake} of its own, on the class's servers. */
@ExtendWith(TestServers.class)
@Timeout(600)
public abstract class ClicksTestBase {
    protected static LocalLake local;

    protected ClicksLake clicks;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() {
        clicks = new ClicksLake(local);
    }

    /** How many rows Spark reads from files for this. */
    protected static long rowsRead(Work work) throws Exception {
        AtomicLong rows = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                rows.addAndGet(task.taskMetrics().inputMetrics().recordsRead());
            }
        };
        local.spark().sparkContext().addSparkListener(listener);
        work.run();
        local.spark().sparkContext().listenerBus().waitUntilEmpty();
        local.spark().sparkContext().removeSparkListener(listener);
        return rows.get();
    }

    /** Builds of tables. */
    protected interface Work {
        void run() throws Exception;
    }
}
