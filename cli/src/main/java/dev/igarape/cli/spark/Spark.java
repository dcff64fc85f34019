package dev.igarape.cli.spark;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Artifacts;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.install.Jdk;
import dev.igarape.model.job.JobCommand;
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

/** The Spark distribution, with the configuration that {@code ./lake} and Airflow share. */
public record Spark(Path home, Path jar, Workspace workspace) {
    /**
     * JVM options of drivers, which run for seconds: fast compilation matters more than fast code. So it does in a live service: a
     * step runs much code, and each part of it seldom. The room for compiled code
     * is that of other JVMs, 240 MB, since the 48 MB that go with fast compilation are too few for the code that Spark makes of
     * a backfill's queries. An archive that does not fit the jar any more is not logged.
     */
    public static final String DRIVER_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
            + " -XX:ReservedCodeCacheSize=240m -Xshare:auto"
            + " -Xlog:cds=off -Xlog:cds+dynamic=off -Duser.timezone=UTC";

    /** Installs the distribution if it is not there. */
    public static Spark install(Workspace workspace, Installer installer) {
        return new Spark(installer.spark(), new Artifacts(workspace).jobs(), workspace);
    }

    /** The environment of {@code spark-submit}. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("JAVA_HOME", Jdk.current().home().toString());
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_CONF_DIR", workspace.conf().resolve("spark").toString());
        environment.put("HADOOP_CONF_DIR", workspace.conf().resolve("hadoop").toString());
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        // For the launcher, the JVM that only builds the command line.
        environment.put("SPARK_LAUNCHER_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto");
        return environment;
    }

    /** The driver's class data archive (see {@link CdsTrainingRun}); absent until it is created. */
    public Path archive() {
        return workspace.state().resolve("lib/jobs.jsa");
    }

    public Path submit() {
        return home.resolve("bin/spark-submit");
    }

    /**
     * The command line of a plain JVM for jobs that need no Spark session, to be followed by their arguments. It has the
     * classes, configuration and class data archive of the driver that {@link #submit} starts, without the launcher's JVM
     * and without {@code SparkSubmit}.
     */
    public List<String> plain() {
        List<String> command = new ArrayList<>();
        command.add(Jdk.current().home().resolve("bin/java").toString());
        command.addAll(List.of(DRIVER_OPTIONS.split(" ")));
        command.add("-XX:SharedArchiveFile=" + archive());
        command.add("-Xmx1g");
        hadoopSettings().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", classpath(), JobCommand.MAIN_CLASS));
        return command;
    }

    /** In the order of {@code spark.driver.extraClassPath}, since the archive fits no other. */
    private String classpath() {
        return String.join(
                File.pathSeparator,
                jar.toString(),
                home.resolve("jars").resolve("*").toString(),
                workspace.conf().resolve("spark").toString(),
                workspace.conf().resolve("hadoop").toString());
    }

    /**
     * The settings for Hadoop in {@code spark-defaults.conf}, which {@code spark-submit} passes on as system
     * properties.
     */
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
