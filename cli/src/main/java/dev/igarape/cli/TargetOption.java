package dev.igarape.cli;

import dev.igarape.cli.jobs.Project;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.model.Target;
import dev.igarape.model.compile.ProjectTargets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --target}, for the commands that work on the lake's data. */
final class TargetOption {
    @Option(
            names = "--target",
            paramLabel = "NAME",
            defaultValue = ProjectTargets.LOCAL,
            description = "Where: ${DEFAULT-VALUE}, or one that the project's targets.yaml declares.")
    private String name;

    Target of(Lake lake, Project project) {
        return project.targets().resolve(name, () -> TargetFile.read(lake.workspace()), System.getenv());
    }

    /** Whether it is the local stack itself, which Airflow writes to as well. */
    boolean isLocal() {
        return name.equals(ProjectTargets.LOCAL);
    }

    /** The target as a file for the jobs; only its owner may read it, since it may hold passwords. */
    Path file(Lake lake, Project project) {
        Target target = of(lake, project);
        return isLocal() ? lake.workspace().target() : TargetFile.write(lake.workspace(), target);
    }
}
