package dev.igarape.jobs;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.model.job.JobOption;
import java.io.PrintWriter;
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
            InspectCommand.class,
            SchemaCommand.class,
            MaintenanceCommand.OfRepair.class,
            MaintenanceCommand.OfRollback.class,
            MaintenanceCommand.OfCompact.class,
            MaintenanceCommand.OfRetention.class,
            MaintenanceCommand.OfClean.class,
            VerifyCommand.class,
            ReconcileCommand.class,
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

    private final Host host;
    private final PrintWriter err;

    private Main(Host host, PrintWriter err) {
        this.host = host;
        this.err = err;
    }

    /**
     * Exits with {@link dev.igarape.model.error.ExitCode}'s status; returns normally on success, as cluster managers
     * want.
     */
    public static void main(String[] arguments) {
        int status = run(Host.own(), new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs one command; an exception becomes a message on standard error and an exit status. */
    static int run(Host host, PrintWriter out, PrintWriter err, String... arguments) {
        Main main = new Main(host, err);
        try {
            return new CommandLine(main)
                    .setOut(out)
                    .setErr(err)
                    .setExecutionExceptionHandler((thrown, command, parsed) -> main.report(thrown))
                    .execute(arguments);
        } catch (VirtualMachineError e) {
            // Deep SQL and large values cause these errors; they are reported like any other failure.
            return main.report(e);
        }
    }

    /** The process that the command runs in. */
    Host host() {
        return host;
    }

    /** Reports a failure on standard error; returns its exit status. */
    int report(Throwable thrown) {
        host.failures().accept(thrown);
        return Failures.print(thrown, debug, err);
    }
}
