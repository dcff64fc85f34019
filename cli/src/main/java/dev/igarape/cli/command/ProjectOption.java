package dev.igarape.cli.command;

import dev.igarape.cli.project.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --project}, for commands that read definitions. */
public final class ProjectOption {
    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "A folder with pipelines/ in it; without this, the folder you are in, or the shipped one.")
    private Optional<Path> folder = Optional.empty();

    public Project of(CommandContext context) {
        return new Project(folder(context), context.workspace(), context.installer());
    }

    /** Whether it is the project that comes with the checkout. */
    public boolean isShipped(CommandContext context) {
        return folder(context)
                .toAbsolutePath()
                .normalize()
                .equals(context.workspace().home());
    }

    /** The folder given, whatever is in it. */
    public Optional<Path> given() {
        return folder;
    }

    private Path folder(CommandContext context) {
        Path here = Path.of("");
        return folder.orElse(
                Files.isDirectory(here.resolve("pipelines"))
                        ? here.toAbsolutePath()
                        : context.workspace().home());
    }
}
