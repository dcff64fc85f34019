package dev.igarape.cli.stack.server;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.LiveProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The live service: the jobs' jar, submitted to Spark once, with the tables that {@code ./lake live start} chose. */
public final class Live implements Server {
    public static final String NAME = "live";

    private final StackContext context;

    public Live(StackContext context) {
        this.context = context;
    }

    /**
     * What the service is started with; kept in a file of the stack.
     *
     * @param manifest the compiled definitions
     * @param target the target's JSON
     * @param every as on the command line
     */
    public record Request(String manifest, String target, List<TableName> tables, String every) {
        public Request {
            tables = List.copyOf(tables);
        }
    }

    /** Keeps a request for {@link #launch}. */
    public void request(Request request) {
        try {
            Files.createDirectories(folder());
            ConfigTemplate.writeAtomically(requestFile(), Json.mapper().writeValueAsString(request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last request; empty before the first. */
    public Optional<Request> request() {
        return read(requestFile(), Request.class);
    }

    /** The process that answers; empty if none has begun to. */
    public static Optional<LiveProcess> process(Workspace workspace) {
        return read(workspace.liveProcess(), LiveProcess.class);
    }

    /** Whether its process is alive, whatever a state file says. */
    public static boolean isRunning(Workspace workspace) {
        return new Daemon(NAME, workspace.state()).running();
    }

    private Path folder() {
        return context.workspace().data(NAME);
    }

    private Path requestFile() {
        return folder().resolve("request.json");
    }

    private Path processFile() {
        return context.workspace().liveProcess();
    }

    private static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean hasOwnStart() {
        return true;
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
        Request request = request()
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE, "The live service has no tables yet. Start it with: ./lake live start"));
        Spark spark = spark();
        return new Daemon.Launch(
                List.of(
                        spark.submit().toString(),
                        "--name",
                        "igarape-live",
                        // The log of a process that stays would grow without end.
                        "--conf",
                        "spark.eventLog.enabled=false",
                        // Besides its own steps it does some runs at a time.
                        "--driver-memory",
                        "2g",
                        "--class",
                        JobCommand.MAIN_CLASS,
                        spark.jar().toString(),
                        JobCommand.LIVE.commandName(),
                        JobOption.MANIFEST,
                        request.manifest(),
                        JobOption.TARGET,
                        request.target(),
                        JobOption.TABLES,
                        request.tables().stream().map(TableName::toString).collect(Collectors.joining(",")),
                        JobOption.EVERY,
                        request.every(),
                        JobOption.STATE_FILE,
                        processFile().toString()),
                spark.environment(),
                folder(),
                context.workspace().log(NAME));
    }

    @Override
    public List<Path> configuration() {
        return List.of();
    }

    @Override
    public void prepare() {
        stopped();
    }

    /** One that was killed has left its state file; another program may get its port. */
    @Override
    public void stopped() {
        try {
            Files.deleteIfExists(processFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every table has had its first turn. */
    @Override
    public boolean ready() {
        return process(context.workspace())
                .flatMap(process -> Probe.get(process.port(), "/health"))
                .isPresent();
    }

    /** Longer than a step may take once the service is asked to stop. */
    @Override
    public Duration stopTimeout() {
        return Duration.ofSeconds(75);
    }

    @Override
    public Map<String, String> addresses() {
        return process(context.workspace())
                .map(process -> Map.of("Live status", "http://" + Probe.HOST + ":" + process.port() + "/status"))
                .orElse(Map.of());
    }
}
