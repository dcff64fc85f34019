package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.connect.ConnectCommand;
import dev.igarape.cli.command.live.LiveSelection;
import dev.igarape.cli.command.live.LiveStatusCommand;
import dev.igarape.cli.connect.ConnectorFile;
import dev.igarape.cli.connect.ConnectorFiles;
import dev.igarape.cli.connect.ConnectorSecrets;
import dev.igarape.cli.connect.KafkaConnect;
import dev.igarape.cli.demo.Demo;
import dev.igarape.cli.demo.LiveDemo;
import dev.igarape.cli.demo.bookstore.BookstoreDemo;
import dev.igarape.cli.demo.checked.CapturedDatabase;
import dev.igarape.cli.demo.checked.CheckedDemo;
import dev.igarape.cli.demo.checked.HdfsFiles;
import dev.igarape.cli.demo.checked.Scenario;
import dev.igarape.cli.demo.retail.RetailDemo;
import dev.igarape.cli.demo.shop.ShopDemo;
import dev.igarape.cli.demo.users.UsersDemo;
import dev.igarape.cli.http.AirflowClient;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.process.FileLock;
import dev.igarape.cli.project.Deployment;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.cli.stack.server.NameService;
import dev.igarape.cli.topic.LoadGenerator;
import dev.igarape.model.DateRange;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.BuildFlags;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Start the local stack and run the real flow of a pipeline, from the HTTP API to a gold table.")
public final class DemoCommand implements Runnable {
    /** Demos that know the true answer, by pipeline; each is told where the pipeline's folder is. */
    private static final Map<String, Function<Path, Scenario>> SCENARIOS = Map.of(
            BookstoreDemo.PIPELINE, folder -> new BookstoreDemo(),
            RetailDemo.PIPELINE, folder -> new RetailDemo(),
            UsersDemo.PIPELINE, folder -> new UsersDemo(),
            ShopDemo.PIPELINE, folder -> new ShopDemo(folder.resolve("shop_sales.avsc")));

    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Parameters(
            paramLabel = "PIPELINE",
            arity = "0..1",
            description =
                    "Just this one; without it, all but those that have a demo of their own: bookstore, retail, users, shop.")
    private Optional<String> pipeline = Optional.empty();

    @Option(
            names = "--date",
            paramLabel = "D",
            defaultValue = "2024-01-01",
            description = "The date to build (${DEFAULT-VALUE}).")
    private String date;

    @Option(
            names = "--no-live",
            description = "Leave out the last act, in which events of this moment are counted as they come.")
    private boolean noLive;

    @Override
    public void run() {
        LocalDate day = DateRange.parseDate("--date", date);
        LocalStack stack = context.stack();
        Project definitions = project.of(context);
        Project.Compiled compiled = definitions.compiled();
        Manifest manifest = compiled.manifest();
        List<Pipeline> pipelines = chosen(manifest);
        try (FileLock lock =
                FileLock.acquire(context.workspace().state().resolve("demo/lock"), "./lake demo", context.progress())) {
            new Deployment(context.workspace()).deploy(manifest);
            Optional<Scenario> scenario = pipeline.filter(SCENARIOS::containsKey)
                    .map(name -> SCENARIOS.get(name).apply(definitions.pipeline(name)));
            scenario.ifPresentOrElse(
                    one -> check(one, stack, definitions, compiled), () -> run(stack, definitions, pipelines, day));
        }
    }

    /** Has a flow of its own, without Airflow: several runs, between which more comes. */
    private void check(Scenario scenario, LocalStack stack, Project definitions, Project.Compiled compiled) {
        stack.upForRuns(scenario.servers());
        Job job = new Job(
                Spark.install(context.workspace(), context.installer()),
                context.workspace(),
                compiled.file(),
                context.workspace().target(),
                context.debug());
        List<TableName> all = new Selection(compiled.manifest()).tables(List.of(scenario.pipeline()));
        CheckedDemo.Runs runs = (tables, dates) -> {
            int status = job.build(
                            tables.isEmpty() ? all : tables,
                            dates,
                            new BuildFlags(false, false, false, false),
                            () -> {})
                    .status();
            if (status != ExitCode.DONE.status()) {
                throw new LakeException(
                        Stream.of(ExitCode.values())
                                .filter(code -> code.status() == status)
                                .findFirst()
                                .orElse(ExitCode.UNAVAILABLE),
                        "The run of %s ended with status %d; it says why above."
                                .formatted(scenario.pipeline(), status));
            }
        };
        HdfsFiles files =
                new HdfsFiles(NameService.web(stack.profile(), stack.ports()), System.getProperty("user.name"));
        Target target = TargetFile.read(context.workspace());
        CapturedDatabase database = new CapturedDatabase(
                stack.connectValues(), target, connector -> apply(connector, stack, definitions.folder()));
        new CheckedDemo(target, runs, files, database, context.progress())
                .run(scenario, spec.commandLine().getOut());
    }

    /** Has a connector of the project capture; one that does is left alone. */
    private void apply(String name, LocalStack stack, Path folder) {
        List<ConnectorFile> files = ConnectorFiles.select(ConnectorFiles.read(folder), List.of(name));
        Map<String, String> values = stack.connectValues();
        KafkaConnect worker = ConnectCommand.worker(context);
        ConnectorSecrets.values(files, value -> Optional.ofNullable(values.get(value)))
                .forEach((file, properties) -> {
                    if (worker.apply(file, properties) != KafkaConnect.Applied.UNCHANGED) {
                        worker.await(List.of(name));
                    }
                });
        if (worker.health().stream().anyMatch(connector -> connector.name().equals(name) && connector.failed())) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The connector %s has failed. ./lake connect status %s says why, and what to do."
                            .formatted(name, name));
        }
    }

    private void run(LocalStack stack, Project definitions, List<Pipeline> pipelines, LocalDate day) {
        stack.up(Set.of());
        AirflowClient airflow = AirflowClient.login(stack.airflow(), "admin", stack.airflowPassword());
        PrintWriter out = spec.commandLine().getOut();
        List<String> warnings = new Demo(
                        context.workspace(), definitions, airflow, stack.apiToken(), context.progress())
                .run(pipelines, day, Clock.systemUTC().instant(), out);
        if (!noLive) {
            pipelines.stream()
                    .filter(LiveDemo::fits)
                    .forEach(pipeline -> live(stack, definitions.compiled(), pipeline, out));
        }
        out.println();
        StatusCommand.print(stack.status(), out);
        out.println();
        CredentialsCommand.print(stack.credentials(), out);
        warnings.forEach(context::warn);
    }

    /** Shows the live service at work; it runs on only if it ran before. */
    private void live(LocalStack stack, Project.Compiled compiled, Pipeline pipeline, PrintWriter out) {
        Target target = TargetFile.read(context.workspace());
        boolean running = stack.live().isPresent();
        if (!running) {
            stack.startLive(new Live.Request(
                    compiled.file().toString(),
                    context.workspace().target().toString(),
                    LiveSelection.of(compiled.manifest(), List.of(pipeline.name()))
                            .tables(),
                    "1s"));
        }
        JsonClient api = JsonClient.to("HTTP API", target.variables().get("EVENTS_API"))
                .with("Authorization", "Bearer " + stack.apiToken());
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry())) {
            new LiveDemo(
                            target,
                            new LoadGenerator(api, registry, context.progress()),
                            () -> LiveStatusCommand.read(context),
                            LiveStatusCommand::print,
                            context.progress())
                    .run(pipeline, out);
        } finally {
            if (!running) {
                stack.stopLive();
            }
        }
        context.progress()
                .step("Again: ./lake live start " + pipeline.name() + ", ./lake spam, ./lake live status --watch");
    }

    private List<Pipeline> chosen(Manifest manifest) {
        if (pipeline.isEmpty()) {
            return manifest.pipelines().stream()
                    .filter(one -> !SCENARIOS.containsKey(one.name()))
                    .toList();
        }
        return List.of(manifest.pipeline(pipeline.get())
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE,
                        "No pipeline is called '%s'. There are: %s."
                                .formatted(
                                        pipeline.get(),
                                        manifest.pipelines().stream()
                                                .map(Pipeline::name)
                                                .collect(Collectors.joining(", "))))));
    }
}
