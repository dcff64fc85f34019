package dev.igarape.jobs.testing;

import dev.igarape.jobs.sql.SparkSessions;
import org.apache.spark.sql.SparkSession;

/** Spark inside the test's own process, with the settings of a job. */
public final class LocalSpark {
    private LocalSpark() {}

    public static SparkSession start() {
        return SparkSessions.withTypeSettings(SparkSession.builder())
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.catalogImplementation", "in-memory")
                .getOrCreate();
    }
}
