package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingSpark;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows that an input no longer has after it was built again. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class ReplacedRowsTest {
    @TempDir
    private static Path folder;

    private static LocalLake local;
    private static TestingKafka kafka;
    private static SparkSession spark;
    private ClicksLake clicks;

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

    @Test
    void rowsThatALongIntervalHasLostAreGoneFromTheShorterOnesBuiltFromIt() throws Exception {
        Lake lake = clicks.open(NOON, Step.Listener.NONE, ClicksLake.hourlyWindows());
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "bia", "10:40:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 1", "10:30 1");

        clicks.click(lake, "bia", "10:40:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 1");
    }
}
