package dev.igarape.cli.command.maintenance;

import dev.igarape.model.job.JobCommand;
import picocli.CommandLine.Command;

@Command(
        name = "repair",
        description =
                "Record and publish what was committed and is not, e.g. by a run that was killed; tell of runs that died.")
public final class RepairCommand extends MaintenanceCommand {
    RepairCommand() {
        super(JobCommand.REPAIR, "Everything that is committed is published, and no run has died unnoticed.");
    }
}
