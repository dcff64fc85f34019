package dev.igarape.cli.stack;

import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.server.HadoopSites;
import dev.igarape.cli.stack.server.SparkNode;
import dev.igarape.cli.stack.server.StackContext;
import dev.igarape.cli.stack.server.Storage;
import dev.igarape.cli.stack.server.Yarn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The configuration of the servers' clients: {@code conf/hadoop} ({@code HADOOP_CONF_DIR}) and {@code conf/spark} ({@code
 * SPARK_CONF_DIR}), the same for jobs from the command line and from Airflow.
 */
final class ClientConfiguration {
    private ClientConfiguration() {}

    static void write(StackContext context) {
        Path conf = context.workspace().conf();
        Map<String, String> hadoop = context.values(Storage.NAME);
        HadoopSites.write(context, conf.resolve("hadoop"), hadoop);
        if (context.profile().nodeManagers() > 0) {
            Yarn.writeSite(context, conf.resolve("hadoop"), hadoop);
        }
        Path scratch = context.workspace().state().resolve("tmp/spark");
        Map<String, String> spark = context.values("spark");
        spark.put("SCRATCH_DIR", scratch.toString());
        Spark distribution = Spark.install(context.workspace(), context.installer());
        spark.put("JOBS_JAR", distribution.jar().toString());
        spark.put("SPARK_HOME", distribution.home().toString());
        spark.put("DRIVER_OPTIONS", Spark.DRIVER_OPTIONS);
        spark.put("ARCHIVE", distribution.archive().toString());
        try {
            Files.createDirectories(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConfigTemplate.fillAll(context.file("cli/servers/spark"), conf.resolve("spark"), spark);
        if (context.profile().isCluster()) {
            spark.put("SPARK_MASTER", SparkNode.master(context.profile(), context.ports()));
            spark.put("SPARK_WORKERS", Integer.toString(context.profile().sparkWorkers()));
            String defaults = "spark-defaults.conf";
            ConfigTemplate.append(
                    context.file("cli/servers/spark-cluster").resolve(defaults),
                    conf.resolve("spark").resolve(defaults),
                    spark);
        }
    }
}
