package dev.igarape.cli;

import dev.igarape.cli.jobs.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --project}, for the commands that read definitions. */
final class ProjectOption {
    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "A folder with pipelines/ in it; without this, the folder you are in, or the shipped one.")
    private Optional<Path> folder = Optional.empty();

    Project of(Lake lake) {
        return new Project(folder(lake), lake.workspace(), lake.installer());
    }

    /** Whether this is the project that comes with the checkout. */
    boolean isShipped(Lake lake) {
        return folder(lake).toAbsolutePath().normalize().equals(lake.workspace().home());
    }

    /** The folder given, whatever is in it. */
    Optional<Path> given() {
        return folder;
    }

    private Path folder(Lake lake) {
        Path here = Path.of("");
        return folder.orElse(
                Files.isDirectory(here.resolve("pipelines"))
                        ? here.toAbsolutePath()
                        : lake.workspace().home());
    }
}
