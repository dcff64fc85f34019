package dev.igarape.cli.faults;

import dev.igarape.cli.spark.Spark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * A machine from which jobs are submitted to a cluster: it has {@code hdfs}, {@code spark-submit} and {@code HADOOP_CONF_DIR},
 * but neither Spark's configuration of the stack nor a checkout.
 */
final class Gateway {
    private final Spark spark;
    private final Path hadoop;
    private final Path folder;
    private int runs;

    /**
     * @param jars of Hadoop
     * @param hadoop {@code HADOOP_CONF_DIR}
     * @param folder where one is on that machine; empty
     */
    Gateway(Spark spark, Path jars, Path hadoop, Path folder) throws IOException {
        this.spark = spark;
        this.hadoop = hadoop;
        this.folder = folder;
        Files.createDirectories(folder.resolve("conf"));
        Path hdfs = Files.createDirectories(folder.resolve("bin")).resolve("hdfs");
        Files.writeString(hdfs, """
                #!/bin/sh
                # `hdfs dfs`, of which no package registry has the script.
                shift
                exec "$JAVA_HOME/bin/java" -cp "$HADOOP_CONF_DIR:%s/*" org.apache.hadoop.fs.FsShell "$@"
                """.formatted(jars));
        Files.setPosixFilePermissions(hdfs, PosixFilePermissions.fromString("rwx------"));
    }

    /** Starts the commands as somebody would who pastes them into a shell, up to the first that fails. */
    RunningJob run(String commands) throws IOException {
        Path output = folder.resolve("run-" + runs++ + ".log");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(variables());
        return new RunningJob(builder.start(), output);
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(spark.environment());
        variables.put("SPARK_CONF_DIR", folder.resolve("conf").toString());
        variables.put("HADOOP_CONF_DIR", hadoop.toString());
        variables.put(
                "PATH",
                String.join(
                        ":",
                        folder.resolve("bin").toString(),
                        spark.home().resolve("bin").toString(),
                        System.getenv("PATH")));
        return variables;
    }
}
