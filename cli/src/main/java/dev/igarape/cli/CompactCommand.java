package dev.igarape.cli;

import picocli.CommandLine.Command;

@Command(
        name = "compact",
        description =
                "Write the rows of small files and batches into fewer; rows stay the same, nothing becomes stale.")
final class CompactCommand extends UpkeepCommand {
    CompactCommand() {
        super("Nothing is worth compacting.");
    }
}
