package dev.igarape.jobs;

import picocli.CommandLine;
import picocli.CommandLine.Command;

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
    private Main() {}

    /** Exits with {@link dev.igarape.model.ExitCode}'s status; returns normally on success, as cluster managers want. */
    public static void main(String[] arguments) {
        int status = new CommandLine(new Main()).execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }
}
