package dev.igarape.cli.command.maintenance;

import dev.igarape.model.job.JobCommand;
import picocli.CommandLine.Command;

@Command(
        name = "compact",
        description =
                "Write the rows of small files and batches into fewer; rows stay the same, nothing becomes stale.")
public final class CompactCommand extends MaintenanceCommand {
    CompactCommand() {
        super(JobCommand.COMPACT, "Nothing is worth compacting.");
    }
}
