package dev.igarape.jobs.lake;

import dev.igarape.model.targets.Target;
import org.apache.hadoop.conf.Configuration;

/** The Hadoop configuration of a job that may run without a Spark session. */
public final class HadoopSettings {
    private static final String SPARK_PREFIX = "spark.hadoop.";

    private HadoopSettings() {}

    /** Files on the classpath, then what {@code spark-submit} was told with {@code spark.hadoop.*}. */
    public static Configuration load() {
        Configuration hadoop = new Configuration();
        // The default of 400 ms makes each small file wait that long for its last block.
        hadoop.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
        // Each wait is twice the one before; with the default of 5 they end after 155 ms, with these after 5 s.
        hadoop.set("dfs.client.block.write.locateFollowingBlock.retries", "10");
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SPARK_PREFIX))
                .forEach(name -> hadoop.set(name.substring(SPARK_PREFIX.length()), System.getProperty(name)));
        return hadoop;
    }

    /**
     * Likewise, then what the target says. Spark sessions that this process starts from now on have the target's settings, too:
     * they find them among the system properties, as {@code spark-submit} leaves its own.
     */
    public static Configuration of(Target target) {
        target.hadoopSettings().forEach((name, value) -> System.setProperty(SPARK_PREFIX + name, value));
        return load();
    }
}
