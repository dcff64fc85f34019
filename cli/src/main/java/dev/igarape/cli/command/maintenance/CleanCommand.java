package dev.igarape.cli.command.maintenance;

import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "clean", description = "Delete the folders of old versions and of runs that died.")
public final class CleanCommand extends MaintenanceCommand {
    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "7 days",
            description = "How long folders stay after readers have lost sight of them, as in '48 hours'"
                    + " (${DEFAULT-VALUE}). Must be longer than any query and any run.")
    private String olderThan;

    CleanCommand() {
        super(JobCommand.CLEAN, "Nothing is old enough to be deleted.");
    }

    @Override
    List<String> options() {
        return List.of(JobOption.OLDER_THAN, olderThan);
    }
}
