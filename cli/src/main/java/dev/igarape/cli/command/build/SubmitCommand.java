package dev.igarape.cli.command.build;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Pods;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.spark.Submission;
import dev.igarape.model.DateRange;
import dev.igarape.model.TableName;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "submit",
        description = {
            "Print the commands that build tables on a cluster.",
            "They copy the jar, the definitions and the target to HDFS and submit the run. Nothing is run."
        })
public final class SubmitCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Parameters(paramLabel = "TABLE|PIPELINE", arity = "1..*", description = "What to build.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private DatesOption dates;

    @Option(
            names = "--master",
            required = true,
            paramLabel = "URL",
            description = "The cluster: spark://HOST:PORT, yarn, or k8s://https://HOST:PORT.")
    private String master;

    @Option(
            names = "--executors",
            paramLabel = "N",
            description = "How many executors, of one core each (${DEFAULT-VALUE}).")
    private int executors = 2;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Of each executor's heap (${DEFAULT-VALUE}).")
    private String memory = "1g";

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "The container image of driver and executors, on Kubernetes.")
    private Optional<String> image = Optional.empty();

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "The namespace of driver and executors, on Kubernetes.")
    private Optional<String> namespace = Optional.empty();

    @Option(
            names = "--service-account",
            paramLabel = "NAME",
            description = "The driver's service account, which lets it start executors, on Kubernetes.")
    private Optional<String> serviceAccount = Optional.empty();

    @Option(
            names = "--folder",
            paramLabel = "PATH",
            description = "Where on the target's HDFS jar, definitions and target are put (${DEFAULT-VALUE}).")
    private String folder = "/igarape";

    @Override
    public void run() {
        DateRange range = dates.range();
        Project definitions = project.of(context);
        Target where = target.of(context, definitions);
        String hdfs = where.hdfs();
        String base = hdfs + folder + "/";
        Pods pods = new Pods(image, namespace, serviceAccount);
        Submission submission = new Submission(master, where, base + "jobs.jar", executors, memory, pods);
        Path file = target.file(context, definitions);
        Project.Compiled compiled = definitions.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tables(names);
        Spark spark = Spark.install(context.workspace(), context.installer());
        List<String> run = new ArrayList<>(List.of(
                JobCommand.RUN.commandName(),
                JobOption.MANIFEST,
                base + compiled.file().getFileName(),
                JobOption.TARGET,
                base + file.getFileName(),
                JobOption.TABLES,
                tables.stream().map(TableName::toString).collect(Collectors.joining(","))));
        run.addAll(Job.dates(range));
        PrintWriter out = spec.commandLine().getOut();
        out.println(submission.onHdfs("-mkdir", "-p", hdfs + folder));
        out.println(submission.onHdfs("-put", "-f", spark.jar().toString(), base + "jobs.jar"));
        for (Path copied : List.of(compiled.file(), file)) {
            out.println(submission.onHdfs("-put", "-f", copied.toString(), base + copied.getFileName()));
        }
        out.println(Submission.shell(submission.command(run)));
    }
}
