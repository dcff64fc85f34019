package dev.igarape.cli.command.maintenance;

import dev.igarape.model.job.JobCommand;
import picocli.CommandLine.Command;

@Command(name = "retention", description = "Give up what was kept for as long as its table's retention says.")
public final class RetentionCommand extends MaintenanceCommand {
    RetentionCommand() {
        super(JobCommand.RETENTION, "Nothing has been kept for longer than its table declares.");
    }
}
