package dev.igarape.cli.command.live;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.model.TableName;
import dev.igarape.model.TimeSpan;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "start",
        description =
                "Start the service, and wait until each table has had its first turn; it stays until it is stopped.")
final class LiveStartCommand implements Runnable {
    private static final String EVERY = "--every";

    @ParentCommand
    private LiveCommand live;

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Parameters(
            paramLabel = "TABLE|PIPELINE",
            arity = "0..*",
            description = "What to build; without it, all that can be built live.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--select",
            paramLabel = "NAMES",
            description = "What to build, e.g. 'raw.orders+': with all that is built from it.")
    private List<String> select = new ArrayList<>();

    @Option(
            names = EVERY,
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "How often to look for new rows, as 500ms, 1s or 1m (${DEFAULT-VALUE}).")
    private String every;

    @Override
    public void run() {
        TimeSpan.parse(EVERY, every);
        CommandContext context = live.context();
        List<String> selectors = new ArrayList<>(names);
        selectors.addAll(select);
        Project source = project.of(context);
        Path file = target.file(context, source);
        Project.Compiled compiled = source.compiled();
        LiveSelection selection = LiveSelection.of(compiled.manifest(), selectors);
        LocalStack stack = context.stack();
        Live.Request request = new Live.Request(compiled.file().toString(), file.toString(), selection.tables(), every);
        Optional<Live.Request> running = stack.live();
        if (running.isPresent() && !running.get().equals(request)) {
            throw new LakeException(ExitCode.USAGE, refusal(running.get(), request));
        }
        if (!selection.left().isEmpty()) {
            context.progress().step("Left to ./lake run: " + joined(selection.left()));
        }
        if (running.isPresent()) {
            context.progress().step("The live service runs already.");
        }
        stack.startLive(request);
        context.progress().step("Live every " + every + ": " + joined(selection.tables()));
    }

    /** Why a second service is not started, by what differs. */
    static String refusal(Live.Request running, Live.Request wanted) {
        String what = running.tables().equals(wanted.tables())
                ? running.every().equals(wanted.every())
                        ? "the same tables by other definitions, by another build or on another target"
                        : "the same tables every " + running.every()
                : joined(running.tables());
        return "The live service runs already, with " + what + ". Stop it first: ./lake live stop";
    }

    private static String joined(List<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }
}
