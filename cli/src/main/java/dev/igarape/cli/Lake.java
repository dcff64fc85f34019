package dev.igarape.cli;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.TerminalProgress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.build.BackfillCommand;
import dev.igarape.cli.command.build.PlanCommand;
import dev.igarape.cli.command.build.RunCommand;
import dev.igarape.cli.command.build.SubmitCommand;
import dev.igarape.cli.command.connect.ConnectCommand;
import dev.igarape.cli.command.data.QueryCommand;
import dev.igarape.cli.command.data.SchemaCommand;
import dev.igarape.cli.command.data.SpamCommand;
import dev.igarape.cli.command.data.TopicCommand;
import dev.igarape.cli.command.develop.BenchCommand;
import dev.igarape.cli.command.develop.CompletionCommand;
import dev.igarape.cli.command.develop.DocsCommand;
import dev.igarape.cli.command.live.LiveCommand;
import dev.igarape.cli.command.maintenance.CleanCommand;
import dev.igarape.cli.command.maintenance.CompactCommand;
import dev.igarape.cli.command.maintenance.LedgerCommand;
import dev.igarape.cli.command.maintenance.QuarantineCommand;
import dev.igarape.cli.command.maintenance.ReconcileCommand;
import dev.igarape.cli.command.maintenance.RepairCommand;
import dev.igarape.cli.command.maintenance.RetentionCommand;
import dev.igarape.cli.command.maintenance.RollbackCommand;
import dev.igarape.cli.command.maintenance.VerifyCommand;
import dev.igarape.cli.command.project.CompileCommand;
import dev.igarape.cli.command.project.NewCommand;
import dev.igarape.cli.command.project.TestCommand;
import dev.igarape.cli.command.stack.AirflowCommand;
import dev.igarape.cli.command.stack.CredentialsCommand;
import dev.igarape.cli.command.stack.DemoCommand;
import dev.igarape.cli.command.stack.DoctorCommand;
import dev.igarape.cli.command.stack.DownCommand;
import dev.igarape.cli.command.stack.LogsCommand;
import dev.igarape.cli.command.stack.StatusCommand;
import dev.igarape.cli.command.stack.UpCommand;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.RegistryUnavailableException;
import dev.igarape.wire.registry.SchemaRegistryException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line {@code ./lake}: its commands, and how their errors are reported. */
@Command(
        name = "lake",
        description = "A data lake that a small team can own.",
        mixinStandardHelpOptions = true,
        version = "Igarapé 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            CredentialsCommand.class,
            DoctorCommand.class,
            NewCommand.class,
            CompileCommand.class,
            PlanCommand.class,
            RunCommand.class,
            BackfillCommand.class,
            SubmitCommand.class,
            LiveCommand.class,
            ConnectCommand.class,
            RepairCommand.class,
            RollbackCommand.class,
            VerifyCommand.class,
            ReconcileCommand.class,
            QuarantineCommand.class,
            CompactCommand.class,
            RetentionCommand.class,
            CleanCommand.class,
            LedgerCommand.class,
            QueryCommand.class,
            AirflowCommand.class,
            TopicCommand.class,
            SchemaCommand.class,
            SpamCommand.class,
            TestCommand.class,
            DocsCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        })
public final class Lake implements CommandContext, Runnable {
    private final Workspace workspace;

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program an error came from.")
    private boolean debug;

    private Lake(Workspace workspace) {
        this.workspace = workspace;
    }

    public static void main(String[] arguments) {
        Path home = Path.of(System.getProperty("igarape.home", ""));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(Workspace.of(home, System.getenv()), out, err, arguments));
    }

    /** Runs one command and returns its exit status. */
    static int run(Workspace workspace, PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(workspace).setOut(out).setErr(err).execute(arguments);
    }

    /** The command line, ready to parse or to run. */
    static CommandLine commandLine(Workspace workspace) {
        Lake lake = new Lake(workspace);
        CommandLine line = new CommandLine(lake);
        // From the first word on, options are Airflow's.
        line.getSubcommands().get("airflow").setStopAtPositional(true);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, command, result) -> lake.report(error, command));
    }

    private int report(Exception error, CommandLine command) {
        if (debug) {
            error.printStackTrace(command.getErr());
        }
        if (error instanceof LakeException expected) {
            command.getErr().println(expected.getMessage());
            return expected.exitCode().status();
        }
        if (error instanceof SchemaRegistryException refusal) {
            command.getErr().println(refusal.getMessage());
            boolean down = refusal instanceof RegistryUnavailableException;
            return (down ? ExitCode.UNAVAILABLE : ExitCode.DEFINITION).status();
        }
        command.getErr()
                .println("This is a bug: %s%s"
                        .formatted(error, debug ? "" : ". Run it again with --debug and report what is shown."));
        return ExitCode.BUG.status();
    }

    /** Prints the list of commands, where none is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Override
    public boolean debug() {
        return debug;
    }

    @Override
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public void warn(String text) {
        boolean person = Boolean.getBoolean("igarape.terminal");
        Ansi ansi = person ? Ansi.ON : Ansi.OFF;
        PrintWriter err = spec.commandLine().getErr();
        err.println(ansi.string("@|bold,yellow warning:|@ ") + text);
        err.flush();
    }

    /**
     * Goes to standard error, which keeps standard output for results; the script {@code lake} says whether it is a
     * terminal.
     */
    @Override
    public Progress progress() {
        return Boolean.getBoolean("igarape.terminal")
                ? new TerminalProgress(System.err)
                : Progress.to(spec.commandLine().getErr());
    }
}
