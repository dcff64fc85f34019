package dev.igarape.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "down", description = "Stop the local stack; all data stay.")
final class DownCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Override
    public void run() {
        lake.stack().down();
    }
}
