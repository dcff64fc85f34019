package dev.igarape.cli;

import dev.igarape.cli.jobs.Project;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --project}, for the commands that read definitions. */
final class ProjectOption {
    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "A folder with pipelines/ in it; without this, the shipped one.")
    private Optional<Path> folder = Optional.empty();

    Project of(Lake lake) {
        return new Project(folder.orElse(lake.workspace().home()), lake.workspace(), lake.installer());
    }
}
