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
import dev.igarape.cli.stack.config.Profile;
import dev.igarape.cli.stack.config.ProfileFile;
import dev.igarape.cli.stack.server.Airflow;
import dev.igarape.cli.stack.server.Api;
import dev.igarape.cli.stack.server.Connect;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.cli.stack.server.Postgres;
import dev.igarape.cli.stack.server.Probe;
import dev.igarape.cli.stack.server.Server;
import dev.igarape.cli.stack.server.SparkNode;
import dev.igarape.cli.stack.server.StackContext;
import dev.igarape.cli.stack.server.Storage;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** The local stack of a checkout: its servers, as processes of this machine that outlive the command. */
public final class LocalStack {
    private static final int LOG_LINES = 25;
    private static final long POLL_MILLIS = 200;

    private final Workspace workspace;
    private final Ports ports;
    private final StackContext context;
    private final Progress progress;
    private final List<Server> servers;
    private final Servers selection;

    private LocalStack(StackContext context, Progress progress, Servers servers) {
        this.workspace = context.workspace();
        this.ports = context.ports();
        this.context = context;
        this.progress = progress;
        this.servers = servers.all();
        this.selection = servers;
    }

    /** The stack of a workspace, started or not. */
    public static LocalStack of(Workspace workspace, Installer installer, Progress progress) {
        Ports ports = Ports.load(workspace.state().resolve("ports.json"));
        Credentials credentials = Credentials.load(workspace.state().resolve("credentials.json"));
        Profile profile = ProfileFile.read(workspace).profile();
        StackContext context = new StackContext(workspace, profile, ports, credentials, installer);
        return new LocalStack(context, progress, Servers.of(context));
    }

    /** The condition of a server. */
    public enum Condition {
        READY,
        STARTING,
        STOPPED,
        /** It ended without being stopped. */
        DIED
    }

    /**
     * The status of a server.
     *
     * @param group its name, or where it is a node among several that of all these together
     * @param memoryBytes of all its processes together
     * @param addresses its URLs, by what is there
     */
    public record ServerStatus(
            String name, String group, Condition condition, long memoryBytes, Map<String, String> addresses) {}

    /** Names of all servers, in the order in which they are listed. */
    public List<String> names() {
        return selection.names();
    }

    public Profile profile() {
        return context.profile();
    }

    public Ports ports() {
        return ports;
    }

    public Credentials credentials() {
        return context.credentials();
    }

    /** The bearer token that has all permissions of the HTTP API. */
    public String apiToken() {
        return context.credentials().secret(Api.TOKEN);
    }

    /** What the live service runs with, if it runs. */
    public Optional<Live.Request> live() {
        Live live = new Live(context);
        return daemon(live).running() ? live.request() : Optional.empty();
    }

    /** Starts the live service, or goes on waiting for it, until its tables have had their first turn. */
    public void startLive(Live.Request request) {
        Live live = new Live(context);
        try (FileLock lock = lock("./lake live start")) {
            live.install();
            live.request(request);
            start(live);
        }
    }

    /** Stops the live service when the step that it is at is done; returns whether it ran. */
    public boolean stopLive() {
        try (FileLock lock = lock("./lake live stop")) {
            return stop(new Live(context));
        }
    }

    /** Runs Airflow's own command line on this terminal, with the stack's settings; returns its exit status. */
    public int runAirflow(List<String> arguments) {
        return new Airflow(context, new Postgres(context)).run(arguments);
    }

    /**
     * The URL of Kafka Connect's REST API.
     *
     * @throws LakeException if the worker is not running
     */
    public String connect() {
        if (!daemon(new Connect(context)).running()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE, "Kafka Connect is not running. Start it with: ./lake up --only connect");
        }
        return "http://" + Probe.HOST + ":" + ports.of(Port.CONNECT);
    }

    /** What the files of connectors may name of the stack's PostgreSQL, as {@code ${env:NAME}}. */
    public Map<String, String> connectValues() {
        return new Postgres(context).values();
    }

    /** The password of Airflow's admin. */
    public String airflowPassword() {
        return context.credentials().secret(Airflow.ADMIN);
    }

    /** The URL of Airflow. */
    public String airflow() {
        return "http://" + Probe.HOST + ":" + ports.of(Port.AIRFLOW);
    }

    /**
     * Has the stack consist of what a profile says from the next start on; an instance made before knows nothing of it.
     *
     * @param move whether data may be moved to the profile
     * @throws LakeException (USAGE) if there are data of another profile that may not or can't be moved, or servers run
     */
    public void change(Profile profile, boolean move) {
        try (FileLock lock = lock("./lake up")) {
            ProfileFile file = ProfileFile.read(workspace);
            if (!profile.equals(file.profile()) && !running().isEmpty()) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "The stack runs with the profile %s. Stop it before it gets another one: ./lake down"
                                .formatted(file.profile()));
            }
            file.change(profile, Files.exists(workspace.target()), move);
        }
    }

    /**
     * Starts the named servers and those that they depend on, or all that start with the stack when none is named, and waits until they are ready.
     * Those that run already are left alone, unless what they were started from has changed.
     */
    public void up(Set<String> only) {
        List<Server> selected = selection.select(only);
        try (FileLock lock = lock("./lake up")) {
            ports.choose(context.profile().ports(), running(), progress);
            TargetFile.write(workspace, context.profile(), ports);
            ClientConfiguration.write(context);
            ExecutorService threads = Executors.newCachedThreadPool();
            try (Progress.Bar bar = progress.bar("Starting", selected.size())) {
                startAll(selected, threads, bar);
            } finally {
                threads.shutdownNow();
            }
            new Growth(context, progress)
                    .finish(servers.stream()
                            .filter(server -> !daemon(server).running())
                            .map(Server::group)
                            .collect(Collectors.toSet()));
        }
    }

    /** Installs the programs of all servers, and starts none. */
    public void install() {
        servers.forEach(Server::install);
    }

    /** {@link #up}, with the servers that run Spark's tasks, where those are not the drivers. */
    public void upForRuns(Set<String> only) {
        Set<String> all = new HashSet<>(only);
        if (context.profile().isCluster()) {
            all.add(SparkNode.NAME);
        }
        up(all);
    }

    private void startAll(List<Server> selected, ExecutorService threads, Progress.Bar bar) {
        Map<String, CompletableFuture<Void>> started = new LinkedHashMap<>();
        for (Server server : selected) {
            CompletableFuture<?>[] before = selected.stream()
                    .filter(other -> Servers.isCalled(other, server.dependencies()))
                    .map(other -> started.get(other.name()))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture<Void> installed = CompletableFuture.runAsync(server::install, threads);
            started.put(
                    server.name(),
                    CompletableFuture.allOf(before)
                            .thenCombine(installed, (a, b) -> a)
                            .thenRunAsync(() -> start(server), threads)
                            .thenRun(bar::advance));
        }
        // The archive is created while the other servers are still starting.
        CompletableFuture<?>[] storage = selected.stream()
                .filter(server -> server.group().equals(Storage.NAME))
                .map(server -> started.get(server.name()))
                .toArray(CompletableFuture[]::new);
        if (storage.length > 0 || running().contains(Storage.NAME)) {
            started.put(
                    "class data archive",
                    CompletableFuture.allOf(storage).thenRunAsync(this::createClassDataArchive, threads));
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

    private void createClassDataArchive() {
        new CdsTrainingRun(Spark.install(workspace, context.installer()), workspace, progress).createArchive();
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
        daemon.stop(server.stopTimeout());
        server.prepare();
        long begin = System.nanoTime();
        daemon.start(launch, fingerprint);
        awaitReady(server, daemon);
        daemon.recordSessions();
        progress.step("Started %s in %d s"
                .formatted(
                        server.name(),
                        Duration.ofNanos(System.nanoTime() - begin).toSeconds()));
    }

    private void awaitReady(Server server, Daemon daemon) {
        long deadline = System.nanoTime() + server.startTimeout().toNanos();
        Path log = workspace.log(server.name());
        while (true) {
            boolean ready = server.ready();
            // Checked after the probe: if the port is taken, another stack's server answers and this one ends.
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
                                        server.name(),
                                        server.startTimeout().toSeconds(),
                                        log,
                                        LogTail.of(log, LOG_LINES)));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + server.name(), e);
            }
        }
    }

    /** Stops every server and all processes that they started; data stay. When this returns, none is left. */
    public void down() {
        try (FileLock lock = lock("./lake down")) {
            List<Server> order = new ArrayList<>(servers);
            Collections.reverse(order);
            boolean any = false;
            for (Server server : order) {
                any |= stop(server);
            }
            if (!any) {
                progress.step("Nothing was running.");
            }
        }
    }

    private boolean stop(Server server) {
        Daemon daemon = daemon(server);
        boolean ran = !daemon.members().isEmpty();
        daemon.stop(server.stopTimeout());
        server.stopped();
        if (ran) {
            progress.step("Stopped " + server.name());
        }
        return ran;
    }

    /** The status of all servers. */
    public List<ServerStatus> status() {
        return servers.stream()
                .map(server -> {
                    Daemon daemon = daemon(server);
                    if (!daemon.running()) {
                        Condition condition = daemon.died() ? Condition.DIED : Condition.STOPPED;
                        return new ServerStatus(server.name(), server.group(), condition, 0, Map.of());
                    }
                    return new ServerStatus(
                            server.name(),
                            server.group(),
                            server.ready() ? Condition.READY : Condition.STARTING,
                            daemon.members().stream()
                                    .mapToLong(ProcessTable.Entry::residentBytes)
                                    .sum(),
                            new TreeMap<>(server.addresses()));
                })
                .toList();
    }

    /** Groups of which a server runs. */
    private Set<String> running() {
        return servers.stream()
                .filter(server -> daemon(server).running())
                .map(Server::group)
                .collect(Collectors.toSet());
    }

    /** Locks the stack, so that two commands do not start and stop it at once. */
    private FileLock lock(String command) {
        return FileLock.acquire(workspace.state().resolve("lock"), command, progress);
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
