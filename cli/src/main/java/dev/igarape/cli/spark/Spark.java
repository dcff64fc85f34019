package dev.igarape.cli.spark;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Artifacts;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.install.Jdk;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The Spark distribution and how this checkout uses it, alike for {@code ./lake} and Airflow. */
public record Spark(Path home, Path jar, Workspace workspace) {
    /**
     * For drivers that live for seconds: compiling quickly matters more than compiling well. An archive that does not fit
     * any more is no news to whoever reads the log.
     */
    public static final String DRIVER_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
            + " -Xlog:cds=off -Xlog:cds+dynamic=off -Duser.timezone=UTC";

    /** Brings the distribution onto the machine if it is not there. */
    public static Spark install(Workspace workspace, Installer installer) {
        return new Spark(installer.spark(), new Artifacts(workspace).jobs(), workspace);
    }

    /** Environment of {@code spark-submit}. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("JAVA_HOME", Jdk.current().home().toString());
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_CONF_DIR", workspace.conf().resolve("spark").toString());
        environment.put("HADOOP_CONF_DIR", workspace.conf().resolve("hadoop").toString());
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        // The JVM that only puts the command line together.
        environment.put("SPARK_LAUNCHER_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto");
        return environment;
    }

    /** The driver's class data (see {@link CdsTrainingRun}); absent until it was made. */
    public Path archive() {
        return workspace.state().resolve("lib/jobs.jsa");
    }

    public Path submit() {
        return home.resolve("bin/spark-submit");
    }

    /**
     * A command line for the jar, to be followed by its arguments, that starts no Spark session: the driver that {@link
     * #submit} would start, with the same classes, configuration and class data, but without the JVM that puts its command
     * line together, and without Spark's own way in.
     */
    public List<String> plain() {
        List<String> command = new ArrayList<>();
        command.add(Jdk.current().home().resolve("bin/java").toString());
        command.addAll(List.of(DRIVER_OPTIONS.split(" ")));
        command.add("-XX:SharedArchiveFile=" + archive());
        command.add("-Xmx1g");
        hadoopSettings().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", classpath(), "dev.igarape.jobs.Main"));
        return command;
    }

    /** Classes first, as {@code spark.driver.extraClassPath} has them: the archive fits no other order. */
    private String classpath() {
        return String.join(
                File.pathSeparator,
                jar.toString(),
                home.resolve("jars").resolve("*").toString(),
                workspace.conf().resolve("spark").toString(),
                workspace.conf().resolve("hadoop").toString());
    }

    /** What {@code spark-defaults.conf} says to Hadoop; {@code spark-submit} hands it on as system properties. */
    private Map<String, String> hadoopSettings() {
        Path defaults = workspace.conf().resolve("spark/spark-defaults.conf");
        Map<String, String> settings = new TreeMap<>();
        if (Files.exists(defaults)) {
            Properties all = new Properties();
            try (Reader reader = Files.newBufferedReader(defaults)) {
                all.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            all.stringPropertyNames().stream()
                    .filter(name -> name.startsWith("spark.hadoop."))
                    .forEach(name -> settings.put(name, all.getProperty(name).strip()));
        }
        return settings;
    }
}
