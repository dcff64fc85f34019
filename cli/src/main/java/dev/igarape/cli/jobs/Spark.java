package dev.igarape.cli.jobs;

import dev.igarape.cli.Artifacts;
import dev.igarape.cli.Workspace;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.install.Jdk;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /** The driver's class data (see {@link Rehearsal}); absent until it was made. */
    public Path archive() {
        return workspace.state().resolve("lib/jobs.jsa");
    }

    public Path submit() {
        return home.resolve("bin/spark-submit");
    }
}
