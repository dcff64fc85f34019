package dev.igarape.cli.command.project;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.docs.Site;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.jobs.FixtureJob;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@CommandLine.Command(name = "test", description = "Run the project's tests.")
public final class TestCommand implements Callable<Integer> {
    /** A suite of this checkout's tests. */
    enum Suite {
        /** Every module, with formatting and static checks; no servers but those inside a test. */
        UNIT("mariadbd"),
        /** Airflow's DAGs, with linter and type checker. */
        DAGS("docker-compose"),
        /** The tests of the pipelines themselves, given rows to expected rows; no servers. */
        PIPELINES,
        /** The real servers, started in folders of their own; the short form of faults among them. */
        E2E("chromium", "curl"),
        /**
         * The long form of faults, of jobs and services, which writes docs/faults.md, and of the capture of changes; takes more than
         * an hour, and only when it is named.
         */
        FAULTS,
        /** Clusters on this machine: data move to them, runs are submitted, nodes die; only when it is named. */
        CLUSTER;

        private final List<String> programs;

        /** @param programs programs that the tests run and that must be installed */
        Suite(String... programs) {
            this.programs = List.of(programs);
        }

        /** What the command line calls it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Debian's packages that have other names than their programs. */
    private static final Map<String, String> PACKAGES = Map.of("mariadbd", "mariadb-server-core");
    /** Where Debian has servers, which is on the path of root alone. */
    private static final String SERVERS = "/usr/sbin";

    private static final List<Suite> ALL = List.of(Suite.UNIT, Suite.DAGS, Suite.PIPELINES, Suite.E2E);
    /**
     * Suites that run beside the unit tests, of which many wait for servers, or for the one compiler: first the one that runs the
     * jobs' jar, which Maven packages again when their tests are over.
     */
    private static final List<Suite> BESIDE_UNIT = List.of(Suite.PIPELINES, Suite.DAGS);

    /** Where a suite's programs print. */
    @FunctionalInterface
    private interface Terminal {
        /** Runs a program to its end, and returns its exit status. */
        int run(ExternalCommand command, Path directory);
    }

    private static final Terminal OWN_TERMINAL = ExternalCommand::attached;

    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Parameters(
            paramLabel = "PIPELINE|SUITE",
            arity = "0..*",
            description =
                    "Pipelines, to run the tests in their folders, or unit, dags, pipelines, e2e, faults, cluster; without it, all but faults and cluster.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Of the random faults (${DEFAULT-VALUE}).")
    private long seed = 20_240_101;

    @Option(names = "--resume", description = "Go on with faults where a run was cut off.")
    private boolean resume;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = "",
            description = "Just the faults whose names have a match; no report is written.")
    private String only;

    @Override
    public Integer call() throws IOException {
        List<Suite> suites = suites();
        if (suites.isEmpty()) {
            return pipelines(names, OWN_TERMINAL);
        }
        requirePrograms(suites, System.getenv().getOrDefault("PATH", "") + ":" + SERVERS);
        TestTimes times = new TestTimes(Clock.systemUTC().instant());
        try {
            return suites.contains(Suite.UNIT) ? beside(suites, times) : inTurn(suites, times, OWN_TERMINAL);
        } finally {
            if (project.isShipped(context)) {
                List<Path> reports = new ArrayList<>(
                        TestTimes.reportsOfMaven(context.workspace().home()));
                reports.add(pytestReport());
                times.print(reports, spec.commandLine().getOut());
            }
        }
    }

    /** Runs suites one after the other until one fails; returns the exit status. */
    private int inTurn(List<Suite> suites, TestTimes times, Terminal terminal) {
        for (Suite suite : suites) {
            long begin = System.nanoTime();
            int status = run(suite, terminal);
            times.add(suite.label(), Duration.ofNanos(System.nanoTime() - begin));
            if (status != 0) {
                spec.commandLine().getErr().println("Failed: " + suite.label());
                return 1;
            }
        }
        return 0;
    }

    /** Runs the unit tests and others beside them, whose output comes when all of these are over, and then the rest. */
    private int beside(List<Suite> suites, TestTimes times) throws IOException {
        List<Suite> light = BESIDE_UNIT.stream().filter(suites::contains).toList();
        List<Suite> rest = suites.stream()
                .filter(suite -> suite != Suite.UNIT && !light.contains(suite))
                .toList();
        Path log = context.workspace().log("test");
        Files.deleteIfExists(log);
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread started = new Thread(task, "suites beside unit");
            // It does not outlive a command that is given up.
            started.setDaemon(true);
            return started;
        });
        try {
            CompletableFuture<Integer> other = CompletableFuture.supplyAsync(
                    () -> inTurn(light, times, (command, directory) -> command.status(directory, log)), thread);
            CompletableFuture<Void> installed = other.thenAcceptAsync(
                    status -> {
                        if (status == 0 && rest.contains(Suite.E2E)) {
                            installForNextSuite();
                        }
                    },
                    thread);
            int status = inTurn(List.of(Suite.UNIT), times, OWN_TERMINAL);
            int beside = ended(other, log);
            if (status != 0 || beside != 0) {
                // What has failed among the unit tests stands far above what the others have printed.
                spec.commandLine().getErr().println("Failed: " + (status != 0 ? Suite.UNIT.label() : labels(light)));
                return 1;
            }
            installed.join();
            return inTurn(rest, times, OWN_TERMINAL);
        } finally {
            thread.shutdownNow();
        }
    }

    /** Waits for the suites beside the unit tests, prints what they have printed, and returns their exit status. */
    private int ended(CompletableFuture<Integer> suites, Path log) throws IOException {
        try {
            return suites.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LakeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            if (Files.exists(log)) {
                spec.commandLine().getOut().print(new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
                spec.commandLine().getOut().flush();
            }
        }
    }

    private static String labels(List<Suite> suites) {
        return suites.stream().map(Suite::label).collect(Collectors.joining(" or "));
    }

    /** Downloads what the next suite's servers and the documentation are made of, while tests run that need neither. */
    private void installForNextSuite() {
        try {
            context.stack().install();
            Site.install(context.workspace(), context.installer());
        } catch (LakeException | UncheckedIOException e) {
            // The suite tries it again, and is the one to fail.
            context.warn(e.getMessage());
        }
    }

    private Path pytestReport() {
        return context.workspace().state().resolve("tmp/pytest.xml");
    }

    /** The suites to run; none where pipelines are named. A project outside the checkout has just its pipelines. */
    private List<Suite> suites() {
        if (names.isEmpty()) {
            return project.isShipped(context) ? ALL : List.of(Suite.PIPELINES);
        }
        List<Suite> suites = Stream.of(Suite.values())
                .filter(suite -> names.contains(suite.label()))
                .toList();
        if (!suites.isEmpty() && suites.size() < names.size()) {
            throw new LakeException(
                    ExitCode.USAGE, "Got " + String.join(", ", names) + ". Name either suites or pipelines.");
        }
        return suites;
    }

    /** Checks for the programs at once, since tests would fail half an hour later without them. */
    static void requirePrograms(List<Suite> suites, String path) {
        String missing = suites.stream()
                .flatMap(suite -> suite.programs.stream())
                .filter(program -> Stream.of(path.split(":"))
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program))))
                .map(program -> PACKAGES.getOrDefault(program, program))
                .collect(Collectors.joining(" "));
        if (!missing.isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "The tests run programs that are not on the PATH. Install them: sudo apt install " + missing);
        }
    }

    /** Runs the tests in the folders of these pipelines, or of all; returns the exit status. */
    private int pipelines(List<String> pipelines, Terminal terminal) {
        Project definitions = project.of(context);
        Project.Compiled compiled = definitions.compiled();
        Manifest manifest = compiled.manifest();
        for (String name : pipelines) {
            if (manifest.pipeline(name).isEmpty()) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "No pipeline or suite is called '%s'. Pipelines: %s. Suites: unit, dags, pipelines, e2e, faults, cluster."
                                .formatted(
                                        name,
                                        manifest.pipelines().stream()
                                                .map(Pipeline::name)
                                                .collect(Collectors.joining(", "))));
            }
        }
        FixtureJob job = new FixtureJob(
                Spark.install(context.workspace(), context.installer()), context.workspace(), context.debug());
        return terminal.run(
                job.command(definitions.folder(), compiled.file(), pipelines),
                context.workspace().state());
    }

    private int run(Suite suite, Terminal terminal) {
        return switch (suite) {
            case UNIT -> maven(List.of("verify"));
            case DAGS -> dags(terminal);
            case PIPELINES -> pipelines(List.of(), terminal);
            case E2E -> e2e(List.of());
            case CLUSTER ->
                e2e(List.of(
                        "-Dit.test=ClusterIT,MoveIT,SubmitIT,FailoverIT,NodesIT",
                        "-Dfailsafe.failIfNoSpecifiedTests=false",
                        "-Digarape.cluster=true"));
            case FAULTS ->
                e2e(List.of(
                        "-Dit.test=FaultsIT,CaptureKillsIT",
                        "-Dfailsafe.failIfNoSpecifiedTests=false",
                        "-Digarape.faults=long",
                        "-Digarape.faults.seed=" + seed,
                        "-Digarape.faults.resume=" + resume,
                        "-Digarape.faults.only=" + only));
        };
    }

    private int e2e(List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-pl",
                "model,wire,cli",
                "-Dtest=None",
                "-Dsurefire.failIfNoSpecifiedTests=false",
                "-Dskip.e2e=false",
                // The unit tests check the format.
                "-Dspotless.check.skip=true"));
        arguments.addAll(more);
        arguments.add("verify");
        return maven(arguments);
    }

    private int maven(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("mvn", "-B", "-ntp"));
        line.addAll(arguments);
        return ExternalCommand.of(line)
                .with("IGARAPE_PYTHON", python().resolve("python").toString())
                .with("IGARAPE_BROWSER", browser().toString())
                .with("JAVA_HOME", Jdk.current().home().toString())
                .attached(context.workspace().home());
    }

    /** The programs of the tests' Python environment. */
    private Path python() {
        Path dags = context.workspace().home().resolve("dags");
        return context.installer()
                .environment("dags", dags.resolve("requirements.lock"), dags.resolve("requirements-dev.lock"))
                .resolve("bin");
    }

    /** The driver of the tests' browser. */
    private Path browser() {
        return context.installer()
                .nodePackages("browser", context.workspace().home().resolve("cli/src/test/browser"));
    }

    private int dags(Terminal terminal) {
        Path dags = context.workspace().home().resolve("dags");
        Path bin = python();
        List<List<String>> checks = List.of(
                List.of("ruff", "check", "."),
                List.of("ruff", "format", "--check", "."),
                List.of("mypy"),
                List.of("pytest", "--junitxml=" + pytestReport()));
        for (List<String> check : checks) {
            List<String> line = new ArrayList<>(check);
            line.set(0, bin.resolve(check.get(0)).toString());
            int status = terminal.run(
                    ExternalCommand.of(line)
                            .with(Map.of("VIRTUAL_ENV", bin.getParent().toString())),
                    dags);
            if (status != 0) {
                return status;
            }
        }
        return 0;
    }
}
