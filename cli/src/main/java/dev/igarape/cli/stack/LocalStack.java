package dev.igarape.cli.stack;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Fingerprint;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.FileLock;
import dev.igarape.cli.process.LogTail;
import dev.igarape.cli.process.ProcessTable;
import dev.igarape.cli.spark.CdsTrainingRun;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.Credentials;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.server.Airflow;
import dev.igarape.cli.stack.server.Api;
import dev.igarape.cli.stack.server.History;
import dev.igarape.cli.stack.server.Kafka;
import dev.igarape.cli.stack.server.Postgres;
import dev.igarape.cli.stack.server.Probe;
import dev.igarape.cli.stack.server.Registry;
import dev.igarape.cli.stack.server.Server;
import dev.igarape.cli.stack.server.SqlPad;
import dev.igarape.cli.stack.server.StackContext;
import dev.igarape.cli.stack.server.Storage;
import dev.igarape.cli.stack.server.Trino;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** The servers of one checkout, as processes of this machine that outlive the command. */
public final class LocalStack {
    private static final int LOG_LINES = 25;
    private static final long POLL_MILLIS = 200;

    private final Workspace workspace;
    private final Ports ports;
    private final StackContext around;
    private final Progress progress;
    private final List<Server> servers;

    private LocalStack(StackContext around, Progress progress, List<Server> servers) {
        this.workspace = around.workspace();
        this.ports = around.ports();
        this.around = around;
        this.progress = progress;
        this.servers = servers;
    }

    /** The stack of a workspace, started or not. */
    public static LocalStack of(Workspace workspace, Installer installer, Progress progress) {
        Ports ports = Ports.load(workspace.state().resolve("ports.json"));
        Credentials credentials = Credentials.load(workspace.state().resolve("credentials.json"));
        StackContext around = new StackContext(workspace, ports, credentials, installer);
        Postgres postgres = new Postgres(around);
        List<Server> servers = List.of(
                new Storage(around),
                new Kafka(around),
                new Registry(around),
                postgres,
                new Trino(around),
                new Api(around),
                new Airflow(around, postgres),
                new SqlPad(around),
                new History(around));
        return new LocalStack(around, progress, servers);
    }

    /** How a server is, for people. */
    public enum Condition {
        READY,
        STARTING,
        STOPPED,
        /** It was started, and ended without being told to. */
        DIED
    }

    /**
     * A server as {@code status} shows it.
     *
     * @param memoryBytes of all its processes together
     * @param addresses where it is reached, by what is there
     */
    public record State(String name, Condition condition, long memoryBytes, Map<String, String> addresses) {}

    /** Names of all servers, in the order in which they are listed. */
    public List<String> names() {
        return servers.stream().map(Server::name).toList();
    }

    public Ports ports() {
        return ports;
    }

    public Credentials credentials() {
        return around.credentials();
    }

    /** The bearer token that may do everything with the HTTP API. */
    public String apiToken() {
        return around.credentials().secret(Api.TOKEN);
    }

    /** Runs Airflow's own command line on this terminal, with the settings of the stack's; returns its exit status. */
    public int runAirflow(List<String> arguments) {
        return new Airflow(around, new Postgres(around)).run(arguments);
    }

    /** Where Airflow answers. */
    public String airflow() {
        return "http://" + Probe.HOST + ":" + ports.of(Port.AIRFLOW);
    }

    /**
     * Starts the named servers and those that they need, or all when none is named, and waits until they answer. Those
     * that run already are left alone, unless what they were started from has changed.
     */
    public void up(Set<String> only) {
        List<Server> wanted = select(only);
        try (FileLock turn = turn("./lake up")) {
            ports.choose(running(), progress);
            TargetFile.write(workspace, ports);
            ClientConfiguration.write(around);
            ExecutorService threads = Executors.newCachedThreadPool();
            try (Progress.Bar bar = progress.bar("Starting", wanted.size())) {
                startAll(wanted, threads, bar);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private void startAll(List<Server> wanted, ExecutorService threads, Progress.Bar bar) {
        Map<String, CompletableFuture<Void>> started = new LinkedHashMap<>();
        for (Server server : wanted) {
            CompletableFuture<?>[] before = server.needs().stream()
                    .map(started::get)
                    .filter(future -> future != null)
                    .toArray(CompletableFuture[]::new);
            CompletableFuture<Void> installed = CompletableFuture.runAsync(server::install, threads);
            started.put(
                    server.name(),
                    CompletableFuture.allOf(before)
                            .thenCombine(installed, (a, b) -> a)
                            .thenRunAsync(() -> start(server), threads)
                            .thenRun(bar::advance));
        }
        // Spark gets ready while the other servers are still starting.
        if (started.containsKey(Storage.NAME) || running().contains(Storage.NAME)) {
            started.put(
                    "spark",
                    started.getOrDefault(Storage.NAME, CompletableFuture.completedFuture(null))
                            .thenRunAsync(this::rehearse, threads));
        }
        try {
            CompletableFuture.allOf(started.values().toArray(new CompletableFuture<?>[0]))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LakeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void rehearse() {
        new CdsTrainingRun(Spark.install(workspace, around.installer()), workspace, progress).prepare();
    }

    private void start(Server server) {
        Daemon daemon = daemon(server);
        Daemon.Launch launch = server.launch();
        String fingerprint = fingerprint(server, launch);
        if (daemon.running()) {
            if (daemon.fingerprint().filter(fingerprint::equals).isPresent()) {
                awaitReady(server, daemon);
                return;
            }
            progress.step("Restarting " + server.name() + ": what it was started from has changed");
        }
        daemon.stop(server.grace());
        server.prepare();
        long begin = System.nanoTime();
        daemon.start(launch, fingerprint);
        awaitReady(server, daemon);
        daemon.remember();
        progress.step("Started %s in %d s"
                .formatted(
                        server.name(),
                        Duration.ofNanos(System.nanoTime() - begin).toSeconds()));
    }

    private void awaitReady(Server server, Daemon daemon) {
        long deadline = System.nanoTime() + server.patience().toNanos();
        Path log = workspace.log(server.name());
        while (true) {
            boolean ready = server.ready();
            // Looked at last: what answered may be another stack's server, on whose port this one ended.
            if (!daemon.running()) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "%s ended while starting. The end of %s:%n%s"
                                .formatted(server.name(), log, LogTail.of(log, LOG_LINES)));
            }
            if (ready) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "%s does not answer after %d s; it is still running, so ./lake up waits for it again. The end of %s:%n%s"
                                .formatted(
                                        server.name(), server.patience().toSeconds(), log, LogTail.of(log, LOG_LINES)));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + server.name(), e);
            }
        }
    }

    /** Stops every server and all processes they started; data stay. When this returns, none is left. */
    public void down() {
        try (FileLock turn = turn("./lake down")) {
            List<Server> order = new ArrayList<>(servers);
            Collections.reverse(order);
            boolean any = false;
            for (Server server : order) {
                Daemon daemon = daemon(server);
                boolean ran = !daemon.members().isEmpty();
                daemon.stop(server.grace());
                if (ran) {
                    progress.step("Stopped " + server.name());
                }
                any |= ran;
            }
            if (!any) {
                progress.step("Nothing was running.");
            }
        }
    }

    /** How the servers are. */
    public List<State> status() {
        return servers.stream()
                .map(server -> {
                    Daemon daemon = daemon(server);
                    if (!daemon.running()) {
                        Condition condition = daemon.died() ? Condition.DIED : Condition.STOPPED;
                        return new State(server.name(), condition, 0, Map.of());
                    }
                    return new State(
                            server.name(),
                            server.ready() ? Condition.READY : Condition.STARTING,
                            daemon.members().stream()
                                    .mapToLong(ProcessTable.Entry::residentBytes)
                                    .sum(),
                            new TreeMap<>(server.addresses()));
                })
                .toList();
    }

    private Set<String> running() {
        return servers.stream()
                .filter(server -> daemon(server).running())
                .map(Server::name)
                .collect(Collectors.toSet());
    }

    private List<Server> select(Set<String> only) {
        List<String> unknown =
                only.stream().filter(name -> !names().contains(name)).sorted().toList();
        if (!unknown.isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "No server is called %s. There are: %s.".formatted(unknown.get(0), String.join(", ", names())));
        }
        Set<String> wanted = new HashSet<>(only);
        for (int before = -1; before < wanted.size(); ) {
            before = wanted.size();
            servers.stream()
                    .filter(server -> wanted.contains(server.name()))
                    .forEach(server -> wanted.addAll(server.needs()));
        }
        return servers.stream()
                .filter(server -> only.isEmpty() || wanted.contains(server.name()))
                .toList();
    }

    /** Keeps two commands from starting and stopping the same stack at once. */
    private FileLock turn(String command) {
        return FileLock.take(workspace.state().resolve("lock"), command, progress);
    }

    private Daemon daemon(Server server) {
        return new Daemon(server.name(), workspace.state());
    }

    private static String fingerprint(Server server, Daemon.Launch launch) {
        Fingerprint fingerprint = new Fingerprint();
        launch.command().forEach(fingerprint::text);
        new TreeMap<>(launch.environment())
                .forEach((name, value) -> fingerprint.text(name).text(value));
        server.configuration().stream().filter(Files::exists).forEach(fingerprint::content);
        return fingerprint.hex();
    }
}
