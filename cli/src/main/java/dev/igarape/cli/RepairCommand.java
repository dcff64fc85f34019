package dev.igarape.cli;

import picocli.CommandLine.Command;

@Command(
        name = "repair",
        description =
                "Publish what was committed but not published, e.g. by a run that was killed; tell of runs that died.")
final class RepairCommand extends UpkeepCommand {
    RepairCommand() {
        super("Everything that is committed is published, and no run has died unnoticed.");
    }
}
