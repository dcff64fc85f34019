package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@CommandLine.Command(name = "logs", description = "Show a server's log.")
public final class LogsCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Parameters(paramLabel = "NAME", description = "A server, or build, install.")
    private String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as the log grows.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "200",
            description = "How many lines to begin with (${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public Integer call() {
        Path folder = context.workspace().log("x").getParent();
        List<String> names = names(folder);
        if (names.isEmpty()) {
            throw new LakeException(ExitCode.USAGE, "There is no log yet: nothing was started here. Run: ./lake up");
        }
        if (!names.contains(name)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no log called %s. There are: %s.".formatted(name, String.join(", ", names)));
        }
        Path log = context.workspace().log(name);
        ExternalCommand tail = follow
                ? ExternalCommand.of("tail", "-n", Integer.toString(lines), "-F", log.toString())
                : ExternalCommand.of("tail", "-n", Integer.toString(lines), log.toString());
        return tail.attached(folder);
    }

    private static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".log"))
                    .map(file -> file.substring(0, file.length() - ".log".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
