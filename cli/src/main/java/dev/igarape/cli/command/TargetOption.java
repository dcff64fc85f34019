package dev.igarape.cli.command;

import dev.igarape.cli.project.Project;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.model.compile.targets.ProjectTargets;
import dev.igarape.model.targets.Target;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --target}, for commands that work on the lake's data. */
public final class TargetOption {
    @Option(
            names = "--target",
            paramLabel = "NAME",
            defaultValue = ProjectTargets.LOCAL,
            description = "Where: ${DEFAULT-VALUE}, or one that the project's targets.yaml declares.")
    private String name;

    public Target of(CommandContext context, Project project) {
        return project.targets().resolve(name, () -> TargetFile.read(context.workspace()), System.getenv());
    }

    /** Whether it is the local stack itself, to which Airflow writes, too. */
    public boolean isLocal() {
        return name.equals(ProjectTargets.LOCAL);
    }

    /** The target as a file for the jobs; only its owner may read it, since it may hold passwords. */
    public Path file(CommandContext context, Project project) {
        Target target = of(context, project);
        return isLocal() ? context.workspace().target() : TargetFile.write(context.workspace(), target);
    }
}
