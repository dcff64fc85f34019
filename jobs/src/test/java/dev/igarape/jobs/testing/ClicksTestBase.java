package dev.igarape.jobs.testing;

import java.nio.file.Path;
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
}
