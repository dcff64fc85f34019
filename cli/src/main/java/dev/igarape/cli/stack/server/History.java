package dev.igarape.cli.stack.server;

import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.Port;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Spark's History Server: the web pages of runs that are over, from their event logs on HDFS. */
public final class History implements Server {
    static final String NAME = "history";
    private final StackContext around;

    public History(StackContext around) {
        this.around = around;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** It ends at once when the folder of the event logs is not there. */
    @Override
    public Set<String> needs() {
        return Set.of(Storage.NAME);
    }

    @Override
    public void install() {
        spark();
    }

    private Spark spark() {
        return Spark.install(around.workspace(), around.installer());
    }

    @Override
    public Daemon.Launch launch() {
        Spark spark = spark();
        Map<String, String> variables = new HashMap<>(spark.environment());
        variables.put("SPARK_DAEMON_MEMORY", "192m");
        variables.put("SPARK_DAEMON_JAVA_OPTS", "-Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        variables.put(
                "SPARK_HISTORY_OPTS",
                "-Dspark.history.ui.port=%d -Dspark.port.maxRetries=0"
                        .formatted(around.ports().of(Port.HISTORY)));
        return new Daemon.Launch(
                List.of(
                        spark.home().resolve("bin/spark-class").toString(),
                        "org.apache.spark.deploy.history.HistoryServer"),
                variables,
                around.workspace().data(NAME),
                around.workspace().log(NAME));
    }

    /** Not Spark's own, which changes with every build of the jobs. */
    @Override
    public List<Path> configuration() {
        return List.of(around.workspace().conf().resolve("hadoop"));
    }

    @Override
    public boolean ready() {
        return Probe.get(around.ports().of(Port.HISTORY), "/api/v1/version")
                .filter(body -> body.contains("\"spark\""))
                .isPresent();
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of(
                "Spark History", "http://" + Probe.HOST + ":" + around.ports().of(Port.HISTORY));
    }
}
