package dev.igarape.cli.command.project;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.project.NewPipeline;
import dev.igarape.cli.project.Project;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "new",
        description = "Make a pipeline that compiles, with a test; in an empty folder, make a project around it.")
public final class NewCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption option;

    @Parameters(paramLabel = "NAME", description = "The pipeline's name.")
    private String name;

    @Override
    public void run() {
        NewPipeline pipeline = new NewPipeline(name);
        Path folder = option.given().orElseGet(this::here).toAbsolutePath().normalize();
        Project project = new Project(folder, context.workspace(), context.installer());
        pipeline.check(folder);
        if (hasPipelines(folder)) {
            requireFree(pipeline, project);
        }
        List<Path> files = pipeline.write(folder);
        project.compile();
        PrintWriter out = spec.commandLine().getOut();
        files.forEach(file -> out.println(folder.resolve(file)));
        out.printf(
                "%nTry: lake test %s%n     lake run %s --date 2024-01-01 --target dev%nHave Airflow schedule it: lake compile%n",
                name, name);
        out.flush();
    }

    /** The current folder, if a pipeline can be put there; in other folders of the checkout, the checkout. */
    private Path here() {
        Path here = Path.of("").toAbsolutePath();
        return !NewPipeline.isPlace(here) && here.startsWith(context.workspace().home())
                ? context.workspace().home()
                : here;
    }

    private static boolean hasPipelines(Path folder) {
        String[] names = folder.resolve("pipelines").toFile().list((parent, child) -> !child.startsWith("."));
        return names != null && names.length > 0;
    }

    private static void requireFree(NewPipeline pipeline, Project project) {
        for (String table : pipeline.tables()) {
            project.compiled().manifest().owner(TableName.parse(table)).ifPresent(owner -> {
                throw new LakeException(
                        ExitCode.USAGE,
                        "Pipeline %s declares %s already. Choose another name.".formatted(owner.name(), table));
            });
        }
    }
}
