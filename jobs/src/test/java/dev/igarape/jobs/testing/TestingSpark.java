package dev.igarape.jobs.testing;

import dev.igarape.jobs.sql.SparkSessions;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Spark inside the test's own process, with the settings of a job. Classes get it from {@link TestServers}. */
public final class TestingSpark implements TestServer {
    /** For what needs no Spark; fails who asks for it. */
    public static final Supplier<SparkSession> UNUSED = () -> {
        throw new AssertionError("asked for Spark");
    };

    private final SparkSession first;

    private TestingSpark(SparkSession first) {
        this.first = first;
    }

    static TestingSpark start() {
        return new TestingSpark(SparkSessions.withTableSettings(SparkSession.builder())
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.catalogImplementation", "in-memory")
                // One for each core: the default writes 200 files for each shuffle of a handful of rows.
                .config("spark.sql.shuffle.partitions", "2")
                // Tests repeat the same steps: what was compiled for one of them is still there for the next.
                .config("spark.sql.codegen.cache.maxEntries", "1000")
                // Tables of tests are small, and are looked into as large ones are.
                .config("spark.igarape.small", "0")
                // Results of tasks have to survive it, and not only Java's own serializer.
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .getOrCreate());
    }

    /** A session with settings and views of its own; it is not to be stopped. */
    public SparkSession newSession() {
        return first.newSession();
    }

    @Override
    public void clear() {
        first.sharedState().cacheManager().clearCache();
    }

    @Override
    public void close() {
        first.stop();
    }
}
