package dev.igarape.jobs.testing;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests of which each has a {@link ClicksLake} of its own, on the class's servers. */
@ExtendWith(TestServers.class)
@Timeout(600)
public abstract class ClicksTestBase {
    @TempDir
    private static Path folder;

    protected static LocalLake local;
    protected static TestingKafka kafka;
    protected static SparkSession spark;

    protected ClicksLake clicks;

    @BeforeAll
    static void start(TestingMetastore metastore, TestingKafka broker, TestingSpark session) {
        local = new LocalLake(folder, metastore);
        kafka = broker;
        spark = session.newSession();
    }

    @BeforeEach
    void open() {
        clicks = new ClicksLake(local, kafka, spark);
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
        spark.sparkContext().addSparkListener(listener);
        work.run();
        spark.sparkContext().listenerBus().waitUntilEmpty();
        spark.sparkContext().removeSparkListener(listener);
        return rows.get();
    }

    /** Builds of tables. */
    protected interface Work {
        void run() throws Exception;
    }
}
