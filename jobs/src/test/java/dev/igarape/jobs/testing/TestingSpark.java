package dev.igarape.jobs.testing;

import dev.igarape.jobs.sql.SparkSessions;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark inside the test's own process, with the settings of a job. Classes get it from {@link TestServers}. */
public final class TestingSpark implements TestServer {
    /** For what needs no Spark; fails who asks for it. */
    public static final Supplier<SparkSession> UNUSED = () -> {
        throw new AssertionError("asked for Spark");
    };

    private static final String SMALL = "spark.igarape.small";
    private static final String LISTED = "spark.igarape.listed";

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
                // To compile a query takes longer than to interpret it for a handful of rows. Tests end to end compile.
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                // Results of tasks have to survive it, and not only Java's own serializer.
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .getOrCreate());
    }

    /** A session with settings and views of its own; it is not to be stopped. */
    public SparkSession newSession() {
        return first.newSession();
    }

    /**
     * Says how sessions made from now on take tables with keys. Those of tests are small, and are not looked into as large ones are
     * unless a test says so.
     */
    public static void takeTablesAsLarge(SparkSession session, boolean large) {
        setToNone(session, SMALL, large);
    }

    /** Likewise, whether large ones have so many files that Delta looks for those that a step reads. */
    public static void takeFilesAsMany(SparkSession session, boolean many) {
        setToNone(session, LISTED, many);
    }

    private static void setToNone(SparkSession session, String setting, boolean none) {
        SparkConf conf = session.sparkContext().conf();
        if (none) {
            conf.set(setting, "0");
        } else {
            conf.remove(setting);
        }
    }

    @Override
    public void clear() {
        takeTablesAsLarge(first, false);
        takeFilesAsMany(first, false);
        first.sharedState().cacheManager().clearCache();
    }

    @Override
    public void close() {
        first.stop();
    }
}
