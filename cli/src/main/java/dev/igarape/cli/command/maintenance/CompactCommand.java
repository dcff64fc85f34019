package dev.igarape.cli.command.maintenance;

import picocli.CommandLine.Command;

@Command(
        name = "compact",
        description =
                "Write the rows of small files and batches into fewer; rows stay the same, nothing becomes stale.")
public final class CompactCommand extends MaintenanceCommand {
    CompactCommand() {
        super("Nothing is worth compacting.");
    }
}
