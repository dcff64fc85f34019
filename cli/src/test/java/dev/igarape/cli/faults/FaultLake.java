package dev.igarape.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.e2e.ApiStack;
import dev.igarape.cli.e2e.LakeCommand;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.Json;
import dev.igarape.model.handover.WarmRuns;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A local stack, the kit's own or the one that the demo has left, and a project with one table of each kind that has a ledger.
 */
final class FaultLake implements AutoCloseable {
    private static final List<String> SERVERS = List.of("--only", "storage,kafka,registry,trino,api");

    private final Path home;
    private final Path state;
    private final Path project;
    private final LakeCommand lake;
    private final AnswerServer answers;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();
    /** What {@code ./lake up} is told. */
    private List<String> servers;

    private int jobs;
    /** Whether a live service does what {@link #run} runs. */
    private boolean warm;

    private FaultLake(Path home, Path state, List<String> servers, AnswerServer answers) throws IOException {
        this.home = home;
        this.state = state;
        this.servers = servers;
        this.answers = answers;
        this.lake = new LakeCommand(home, state);
        this.project = Files.createDirectories(state).resolve("project");
        Path pipeline = Files.createDirectories(project.resolve("pipelines/marks"));
        for (String file : List.of(
                "pipeline.yaml",
                "trusted_marks.sql",
                "marks_daily.sql",
                "marks_live.sql",
                "marks_windows.sql",
                "marks_keyed.sql",
                "trusted_gaps.sql",
                "marks_slowly.sql",
                "events.sql",
                "events_windows.sql")) {
            try (InputStream in = FaultLake.class.getResourceAsStream(file)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Files.writeString(pipeline.resolve(file), text.replace("@ANSWERS@", answers.address()));
            }
        }
    }

    /**
     * Starts the servers.
     *
     * @param goOn with the data of the run before, which are deleted otherwise
     */
    static FaultLake up(Path home, Path state, boolean goOn) throws IOException, InterruptedException {
        if (!goOn) {
            new LakeCommand(home, state).startAnew();
        }
        return started(new FaultLake(home, state, SERVERS, new AnswerServer()));
    }

    /**
     * Starts a cluster without data.
     *
     * @param nodes how many nodes it has, as {@code ./lake up --nodes} takes it
     * @param servers groups of nodes besides those of HDFS, Kafka, registry and Trino
     */
    static FaultLake cluster(Path home, Path state, String nodes, String servers)
            throws IOException, InterruptedException {
        new LakeCommand(home, state).startAnew();
        return started(new FaultLake(home, state, ofCluster(nodes, servers), new AnswerServer()));
    }

    /** Nobody else could stop the half of a stack that did not come up. */
    private static FaultLake started(FaultLake lake) throws IOException, InterruptedException {
        try {
            lake.start();
            return lake;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            lake.close();
            throw e;
        }
    }

    private static List<String> ofCluster(String nodes, String servers) {
        return List.of("--profile", "cluster", "--nodes", nodes, "--only", "storage,kafka,registry,trino," + servers);
    }

    /** Moves the lake, which is stopped, to a cluster, and starts that; nodes and servers as for {@link #cluster}. */
    void moveToCluster(String nodes, String more) throws IOException, InterruptedException {
        servers = ofCluster(nodes, more);
        List<String> words = new ArrayList<>(List.of("up", "--move"));
        words.addAll(servers);
        lake.run(words.toArray(String[]::new)).succeeded();
    }

    /** The one number that a query gives. */
    long number(String sql) throws IOException, SQLException {
        try (Connection trino = trino();
                Statement statement = trino.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getLong(1);
        }
    }

    /** Starts the servers that do not run. */
    void start() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("up"));
        words.addAll(servers);
        lake.run(words.toArray(String[]::new)).succeeded();
    }

    /** Stops the servers; their data stay. */
    void stop() throws IOException, InterruptedException {
        lake.run("down").succeeded();
    }

    /** Stops the stack's own live service, once its step is done. */
    void stopLive() throws IOException, InterruptedException {
        lake.run("live", "stop").succeeded();
    }

    Target target() throws IOException {
        return Json.mapper().readValue(state.resolve("target.json").toFile(), Target.class);
    }

    /** Runs a command on the project to its end, such as {@code run trusted.marks}. */
    LakeCommand.Result run(String... words) throws IOException, InterruptedException {
        String[] line = onProject(words);
        // The start of a program would be most of the time.
        return warm ? lake.call(line) : lake.run(Map.of(), line);
    }

    /** Starts a command on the project, whose job is a process of its own, which can be killed. */
    RunningJob start(Map<String, String> environment, String... words) throws IOException {
        Path output = Files.createDirectories(state.resolve("jobs")).resolve(jobs++ + ".log");
        Map<String, String> cold = new HashMap<>(environment);
        cold.put(WarmRuns.COLD, "1");
        return new RunningJob(lake.start(cold, output, List.of(onProject(words))), output);
    }

    /**
     * Starts the stack's own live service, which then does what {@link #run} runs in much less time than a process of its own.
     *
     * @param tables what it builds itself
     */
    void startWarm(List<String> tables) throws IOException, InterruptedException {
        run(Stream.concat(Stream.of("live", "start"), tables.stream()).toArray(String[]::new))
                .succeeded();
        warm = true;
    }

    /**
     * Starts a live service of the project's, which takes no runs, and of which {@code ./lake} knows nothing.
     *
     * @param process file to which it writes where it answers
     */
    RunningJob startLive(Path process, List<String> tables) throws IOException {
        Spark spark = spark();
        Path output = Files.createDirectories(state.resolve("jobs")).resolve(jobs++ + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        spark.submit().toString(),
                        "--conf",
                        "spark.eventLog.enabled=false",
                        "--class",
                        JobCommand.MAIN_CLASS,
                        spark.jar().toString(),
                        JobCommand.LIVE.commandName(),
                        JobOption.MANIFEST,
                        compiled().toString(),
                        JobOption.TARGET,
                        state.resolve("target.json").toString(),
                        JobOption.TABLES,
                        String.join(",", tables),
                        JobOption.EVERY,
                        "200ms",
                        JobOption.RUNS,
                        "0",
                        JobOption.STATE_FILE,
                        process.toString())
                .directory(state.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(spark.environment());
        return new RunningJob(builder.start(), output);
    }

    /** Starts a job, with settings of Spark besides those of the stack; a command on the project must have run before. */
    RunningJob startWith(Map<String, String> settings, String table, LocalDate date) throws IOException {
        Spark spark = spark();
        Path output = Files.createDirectories(state.resolve("jobs")).resolve(jobs++ + ".log");
        List<String> words = new ArrayList<>(List.of(spark.submit().toString()));
        settings.forEach((name, value) -> words.addAll(List.of("--conf", name + "=" + value)));
        words.addAll(List.of(
                "--class",
                JobCommand.MAIN_CLASS,
                spark.jar().toString(),
                JobCommand.RUN.commandName(),
                JobOption.MANIFEST,
                compiled().toString(),
                JobOption.TARGET,
                state.resolve("target.json").toString(),
                JobOption.TABLES,
                table,
                JobOption.DATE,
                date.toString()));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(state.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(spark.environment());
        return new RunningJob(builder.start(), output);
    }

    /** The manifest of the last command on the project. */
    private Path compiled() throws IOException {
        try (Stream<Path> manifests = Files.list(state.resolve("manifests"))) {
            return manifests
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElseThrow();
        }
    }

    /** A folder for what the kit itself keeps. */
    Path state() {
        return state;
    }

    ApiStack api() throws IOException {
        return new ApiStack(state);
    }

    private String[] onProject(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--project", project.toString()));
        return line.toArray(String[]::new);
    }

    Connection trino() throws IOException, SQLException {
        Properties user = new Properties();
        user.setProperty("user", "faults");
        return DriverManager.getConnection(target().trino(), user);
    }

    SparkCluster cluster() throws IOException, InterruptedException {
        lake.run("compile", "--project", project.toString()).succeeded();
        return new SparkCluster(spark(), Files.createDirectories(state.resolve("cluster")));
    }

    /** Starts a job whose tasks run on a cluster. */
    RunningJob start(SparkCluster cluster, String table, LocalDate date) throws IOException, InterruptedException {
        lake.run("compile", "--project", project.toString()).succeeded();
        return cluster.run(state.resolve("manifest.json"), state.resolve("target.json"), table, date);
    }

    /** A machine from which jobs are submitted to the lake's cluster. */
    Gateway gateway() throws IOException {
        Path jars = new Installer(Workspace.of(home, System.getenv()), System.getenv(), line -> {})
                .jars("storage", true)
                .resolve("lib");
        return new Gateway(spark(), jars, state.resolve("conf/hadoop"), Files.createTempDirectory(state, "gateway"));
    }

    Spark spark() {
        Workspace workspace = Workspace.of(home, System.getenv());
        return Spark.install(
                new Workspace(home, state, workspace.cache()), new Installer(workspace, System.getenv(), line -> {}));
    }

    /** Starts NameNode, DataNode and metastore as processes of their own in the place of the one server. */
    StorageParts storageInParts() throws IOException, InterruptedException {
        return StorageParts.inPlaceOf(server("storage"), state);
    }

    /** Kills a server and all that it has started, such as the executors of a worker. */
    void kill(String server) throws IOException {
        ProcessHandle leader = server(server);
        List<ProcessHandle> all =
                Stream.concat(leader.descendants(), Stream.of(leader)).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    /** The process of a server, or of the stack's own live service, {@code live}. */
    ProcessHandle server(String name) throws IOException {
        JsonNode note =
                Json.mapper().readTree(state.resolve("run/" + name + ".json").toFile());
        return ProcessHandle.of(note.path("pid").asLong()).orElseThrow();
    }

    /** Points a date of a table at a folder, as whoever minds no ledger would: by Spark SQL on the metastore. */
    void show(String table, LocalDate date, String folder) throws IOException, InterruptedException {
        Spark spark = spark();
        lake.execute(
                        List.of(
                                spark.home().resolve("bin/spark-sql").toString(),
                                "--conf",
                                "spark.sql.catalogImplementation=hive",
                                "--conf",
                                "spark.sql.warehouse.dir=" + state.resolve("warehouse"),
                                "--conf",
                                "spark.hadoop.hive.metastore.uris=" + target().metastore(),
                                "-e",
                                "ALTER TABLE %s PARTITION (date='%s') SET LOCATION '%s'"
                                        .formatted(table, date, target().hdfs() + folder)),
                        spark.environment())
                .succeeded();
    }

    /** The names in a folder on HDFS; none where it does not exist. */
    List<String> names(String folder) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        Json.mapper()
                .readTree(webHdfs("GET", folder, "LISTSTATUS"))
                .path("FileStatuses")
                .path("FileStatus")
                .forEach(file -> names.add(file.path("pathSuffix").asText()));
        return names;
    }

    /** The content of a file on HDFS. */
    byte[] file(String path) throws IOException, InterruptedException {
        return webHdfs("GET", path, "OPEN");
    }

    /** Writes a file on HDFS, over one that is there. */
    void write(String path, byte[] content) throws IOException, InterruptedException {
        webHdfs("PUT", path, "CREATE&overwrite=true", content);
    }

    /** Whether a file can be written to HDFS and read back. */
    boolean isWritable() throws IOException, InterruptedException {
        byte[] probe = Long.toString(System.nanoTime()).getBytes(StandardCharsets.UTF_8);
        write("/tmp/probe", probe);
        return Arrays.equals(file("/tmp/probe"), probe);
    }

    byte[] webHdfs(String method, String path, String operation) throws IOException, InterruptedException {
        return webHdfs(method, path, operation, new byte[0]);
    }

    /** Does something to a path by WebHDFS; returns the answer's body, whatever the status. */
    private byte[] webHdfs(String method, String path, String operation, byte[] content)
            throws IOException, InterruptedException {
        URI uri = URI.create(new NameNodes(state).active().web() + "/webhdfs/v1" + path + "?op=" + operation
                + "&user.name=" + System.getProperty("user.name"));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        return http.send(request, BodyHandlers.ofByteArray()).body();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        answers.close();
        stop();
    }
}
