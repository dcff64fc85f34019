package dev.igarape.jobs;

import dev.igarape.jobs.failure.Failures;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Entry of the fat jar. */
@Command(
        name = "igarape-jobs",
        subcommands = {
            RunCommand.class,
            PlanCommand.class,
            SchemaCommand.class,
            UpkeepCommand.OfRepair.class,
            UpkeepCommand.OfRollback.class,
            UpkeepCommand.OfCompact.class,
            UpkeepCommand.OfRetention.class,
            UpkeepCommand.OfClean.class,
            QuarantineCommand.OfList.class,
            QuarantineCommand.OfShow.class,
            QuarantineCommand.OfReplay.class,
            LedgerCommand.OfBackup.class,
            LedgerCommand.OfRestore.class,
            TestCommand.class,
            RehearseCommand.class
        },
        description = "Builds tables of the lake.")
public final class Main {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "show the traces of errors, which otherwise are in the log alone")
    private boolean debug;

    private Main() {}

    /** Exits with {@link dev.igarape.model.error.ExitCode}'s status; returns normally on success, as cluster managers want. */
    public static void main(String[] arguments) {
        int status = run(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs one command; whatever it throws becomes a message on standard error and an exit status. */
    static int run(String... arguments) {
        Main main = new Main();
        try {
            return new CommandLine(main)
                    .setExecutionExceptionHandler((thrown, command, parsed) -> main.report(thrown))
                    .execute(arguments);
        } catch (VirtualMachineError e) {
            // Deep SQL and large values end in these; they are input like any other.
            return main.report(e);
        }
    }

    /** Tells of a failure and gives the exit status that it stands for. */
    int report(Throwable thrown) {
        return Failures.print(thrown, debug, System.err);
    }
}
