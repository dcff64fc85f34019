package dev.igarape.cli.stack.server;

import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.Port;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Spark's History Server: the web UI of finished applications, from their event logs on HDFS. */
public final class History implements Server {
    static final String NAME = "history";
    private final StackContext context;

    public History(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** It exits when the folder of the event logs is not there. */
    @Override
    public Set<String> dependencies() {
        return Set.of(Storage.NAME);
    }

    @Override
    public void install() {
        spark();
    }

    private Spark spark() {
        return Spark.install(context.workspace(), context.installer());
    }

    @Override
    public Daemon.Launch launch() {
        Spark spark = spark();
        Map<String, String> variables = new HashMap<>(spark.environment());
        variables.putAll(SparkNode.DAEMON);
        variables.put(
                "SPARK_HISTORY_OPTS",
                "-Dspark.history.ui.port=%d -Dspark.port.maxRetries=0"
                        .formatted(context.ports().of(Port.HISTORY)));
        return new Daemon.Launch(
                List.of(
                        spark.home().resolve("bin/spark-class").toString(),
                        "org.apache.spark.deploy.history.HistoryServer"),
                variables,
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    /** Without Spark's, which changes with every build of the jobs. */
    @Override
    public List<Path> configuration() {
        return List.of(context.workspace().conf().resolve("hadoop"));
    }

    @Override
    public boolean ready() {
        return Probe.get(context.ports().of(Port.HISTORY), "/api/v1/version")
                .filter(body -> body.contains("\"spark\""))
                .isPresent();
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of(
                "Spark History", "http://" + Probe.HOST + ":" + context.ports().of(Port.HISTORY));
    }
}
