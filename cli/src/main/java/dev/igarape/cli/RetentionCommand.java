package dev.igarape.cli;

import picocli.CommandLine.Command;

@Command(name = "retention", description = "Give up what was kept for as long as its table's retention says.")
final class RetentionCommand extends UpkeepCommand {
    RetentionCommand() {
        super("Nothing has been kept for longer than its table declares.");
    }
}
