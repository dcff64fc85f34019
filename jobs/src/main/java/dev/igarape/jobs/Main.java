package dev.igarape.jobs;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.model.job.JobOption;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The main class of the jobs' jar. */
@Command(
        name = "igarape-jobs",
        subcommands = {
            RunCommand.class,
            PlanCommand.class,
            SchemaCommand.class,
            MaintenanceCommand.OfRepair.class,
            MaintenanceCommand.OfRollback.class,
            MaintenanceCommand.OfCompact.class,
            MaintenanceCommand.OfRetention.class,
            MaintenanceCommand.OfClean.class,
            VerifyCommand.class,
            QuarantineCommand.OfList.class,
            QuarantineCommand.OfShow.class,
            QuarantineCommand.OfReplay.class,
            LedgerCommand.OfBackup.class,
            LedgerCommand.OfRestore.class,
            TestCommand.class,
            RehearseCommand.class,
            LiveCommand.class
        },
        description = "Builds tables of the lake.")
public final class Main {
    @Option(
            names = JobOption.DEBUG,
            scope = ScopeType.INHERIT,
            description = "show the traces of errors, which otherwise are in the log alone")
    private boolean debug;

    private Main() {}

    /**
     * Exits with {@link dev.igarape.model.error.ExitCode}'s status; returns normally on success, as cluster managers
     * want.
     */
    public static void main(String[] arguments) {
        int status = run(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs one command; an exception becomes a message on standard error and an exit status. */
    static int run(String... arguments) {
        Main main = new Main();
        try {
            return new CommandLine(main)
                    .setExecutionExceptionHandler((thrown, command, parsed) -> main.report(thrown))
                    .execute(arguments);
        } catch (VirtualMachineError e) {
            // Deep SQL and large values cause these errors; they are reported like any other failure.
            return main.report(e);
        }
    }

    /** Reports a failure on standard error; returns its exit status. */
    int report(Throwable thrown) {
        return Failures.print(thrown, debug, System.err);
    }
}
