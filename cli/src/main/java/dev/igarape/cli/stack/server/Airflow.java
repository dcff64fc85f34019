package dev.igarape.cli.stack.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.SecretFile;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Airflow: API server, scheduler, DAG processor and triggerer, as {@code dags/serve.py} runs them. */
public final class Airflow implements Server {
    /** Names the secret that is its admin's password. */
    public static final String ADMIN = "airflow/admin";

    static final String NAME = "airflow";
    static final String VIEWER = "airflow/viewer";
    private final StackContext context;
    private final Postgres postgres;

    public Airflow(StackContext context, Postgres postgres) {
        this.context = context;
        this.postgres = postgres;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> dependencies() {
        return Set.of(Postgres.NAME);
    }

    @Override
    public void install() {
        environment();
        spark();
    }

    private Path environment() {
        return context.installer().environment(NAME, context.file("dags/requirements.lock"));
    }

    private Spark spark() {
        return Spark.install(context.workspace(), context.installer());
    }

    private Path passwords() {
        return context.workspace().conf().resolve("airflow/passwords.json");
    }

    @Override
    public Daemon.Launch launch() {
        Spark spark = spark();
        Path data = context.workspace().data(NAME);
        String url = url();
        writePasswords();
        Map<String, String> variables = new HashMap<>(spark.environment());
        variables.put("AIRFLOW_HOME", data.toString());
        variables.put("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", postgres.airflow());
        variables.put("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC", postgres.airflow());
        variables.put("AIRFLOW__CORE__DAGS_FOLDER", context.file("dags").toString());
        variables.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
        variables.put("AIRFLOW__CORE__EXECUTOR", "LocalExecutor");
        variables.put("AIRFLOW__CORE__PARALLELISM", "2");
        variables.put("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", "admin:admin,viewer:viewer");
        variables.put(
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", passwords().toString());
        variables.put("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", url + "/execution/");
        variables.put("AIRFLOW__API__HOST", Probe.HOST);
        variables.put("AIRFLOW__API__PORT", Integer.toString(context.ports().of(Port.AIRFLOW)));
        variables.put("AIRFLOW__API__BASE_URL", url);
        variables.put("AIRFLOW__API__WORKERS", "1");
        variables.put("AIRFLOW__API__SECRET_KEY", context.credentials().secret("airflow-secret-key"));
        // HS512 needs 64 bytes.
        variables.put(
                "AIRFLOW__API_AUTH__JWT_SECRET",
                context.credentials().secret("airflow-jwt-1")
                        + context.credentials().secret("airflow-jwt-2")
                        + context.credentials().secret("airflow-jwt-3"));
        variables.put("AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL", "5");
        variables.put("AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL", "10");
        variables.put("AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT", "60");
        variables.put("AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL", "30");
        variables.put("IGARAPE_MANIFEST", context.workspace().manifest().toString());
        variables.put("IGARAPE_TARGET", context.workspace().target().toString());
        variables.put("IGARAPE_JAR", spark.jar().toString());
        variables.put("IGARAPE_LIVE", context.workspace().liveProcess().toString());
        variables.put("IGARAPE_RETRY_DELAY_SECONDS", "5");
        if (context.profile().isCluster()) {
            variables.put(
                    "AIRFLOW_CONN_SPARK_DEFAULT",
                    "{\"conn_type\": \"spark\", \"host\": \"%s\", \"extra\": {\"deploy-mode\": \"client\"}}"
                            .formatted(SparkNode.master(context.profile(), context.ports())));
        }
        List<String> nameNodes = NameService.webAddresses(context.profile(), context.ports());
        variables.put(
                "AIRFLOW_CONN_WEBHDFS_DEFAULT",
                "{\"conn_type\": \"webhdfs\", \"host\": \"%s\", \"port\": %d, \"login\": \"%s\"}"
                        .formatted(
                                // Of several each needs its own port; one alone is written as every hook reads it.
                                context.profile().hasStandby() ? String.join(",", nameNodes) : Probe.HOST,
                                context.ports().of(Port.HDFS_HTTP),
                                System.getProperty("user.name")));
        variables.put(
                "AIRFLOW_CONN_EVENTS_API",
                "http://" + Probe.HOST + ":" + context.ports().of(Port.API));
        return new Daemon.Launch(
                List.of(
                        environment().resolve("bin/python").toString(),
                        context.file("dags/serve.py").toString()),
                variables,
                data,
                context.workspace().log(NAME));
    }

    /** Runs Airflow's own command line with this server's settings; returns its exit status. */
    public int run(List<String> arguments) {
        Daemon.Launch server = launch();
        if (Files.notExists(server.directory())) {
            throw new LakeException(ExitCode.UNAVAILABLE, "Airflow was never started here. Run: ./lake up");
        }
        List<String> line =
                new ArrayList<>(List.of(environment().resolve("bin/airflow").toString()));
        line.addAll(arguments);
        return ExternalCommand.of(line).with(server.environment()).attached(server.directory());
    }

    private void writePasswords() {
        Map<String, String> passwords = Map.of(
                "admin", context.credentials().secret(ADMIN),
                "viewer", context.credentials().secret(VIEWER));
        try {
            SecretFile.write(passwords(), Json.mapper().writeValueAsBytes(new TreeMap<>(passwords)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.file("dags/serve.py"), context.file("dags/requirements.lock"));
    }

    @Override
    public boolean ready() {
        return Probe.get(context.ports().of(Port.AIRFLOW), "/api/v2/monitor/health")
                .filter(Airflow::healthy)
                .isPresent();
    }

    private static boolean healthy(String body) {
        try {
            JsonNode health = Json.mapper().readTree(body);
            return List.of("metadatabase", "scheduler", "dag_processor").stream()
                    .allMatch(part -> health.path(part).path("status").asText().equals("healthy"));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public Duration startTimeout() {
        return Duration.ofMinutes(8);
    }

    private String url() {
        return "http://" + Probe.HOST + ":" + context.ports().of(Port.AIRFLOW);
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("Airflow", url());
    }
}
